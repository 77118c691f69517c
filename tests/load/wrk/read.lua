-- GET by a random id of a file. Arguments: file of ids, path before the id, path after it.
local ids = {}
function init(args)
  for line in io.lines(args[1]) do ids[#ids + 1] = line end
  before, after = args[2], args[3] or ""
  math.randomseed(os.time())
end
function request() return wrk.format("GET", before .. ids[math.random(#ids)] .. after) end
