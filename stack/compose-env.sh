#!/bin/sh
# Writes .env for docker-compose.yml: .env.example with a random value for every setting that has none. It never replaces
# an .env that is there, because the data was made with its passwords.
set -eu
cd "$(dirname "$0")/.."
[ ! -e .env ] || { echo ".env is there already and stays as it is." >&2; exit 1; }
umask 077
while IFS= read -r line; do
  case $line in
    *=) echo "$line$(od -An -N 24 -t x1 /dev/urandom | tr -d ' \n')" ;;
    *) echo "$line" ;;
  esac
done < .env.example > .env
echo "Wrote .env. Next: docker compose up --build --wait"
