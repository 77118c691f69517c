#!/bin/sh
# Takes one program out of a package of Debian or Ubuntu without installing it: unpack.sh <package> <path in it> <target>.
set -eu
if installed=$(command -v "$(basename "$3")"); then
  ln -sf "$installed" "$3"
  exit
fi
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
download="apt-get download -qq $1"
(cd "$folder" && { $download || { [ "$(id -u)" = 0 ] && apt-get update -qq && $download; } } && dpkg -x "$1"_*.deb .) || {
  echo "$(basename "$3") cannot be fetched. To get it: apt-get update, and run this again" >&2
  exit 1
}
cp "$folder/$2" "$3"
