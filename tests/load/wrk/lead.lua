-- One lead per request, each of another person. Arguments: run name, batch size (0: one by one).
local counter, thread = 0, 0
function setup(t) thread = thread + 1; t:set("id", thread) end
function init(args)
  run, batch = args[1], tonumber(args[2])
  math.randomseed(tonumber(run, 16) + id)
end
local function lead()
  counter = counter + 1
  local name = run .. "-" .. id .. "-" .. counter
  return string.format('{"external_id":"%s","full_name":"王小明","email":"p%s@load.example","phone":"+861%d%09d","interest":"loan","campaign_code":"SPRING"}',
    name, name, math.random(3, 9), math.random(0, 999999999))
end
function request()
  if batch == 0 then return wrk.format("POST", nil, nil, lead()) end
  local rows = {}
  for i = 1, batch do rows[i] = lead() end
  return wrk.format("POST", nil, nil, '{"leads":[' .. table.concat(rows, ",") .. ']}')
end
