#!/bin/sh
# Fetches the programs and schemas that check the deployment files into .stack/tools. Run it again at any time.
#
# kustomize and the compose parser are built by the Go toolchain of requirements/test.in; promtool comes out of Debian's or
# Ubuntu's package without installing it; the custom resources come from the modules that define them.
set -eu
cd "$(dirname "$0")/tools"
root=$(cd ../.. && pwd)
target=$root/.stack/tools
go=$root/.venv/bin/go
[ -x "$go" ] || {
  echo "Go is missing. To get it: make .venv/.installed (it comes with requirements/test.txt)" >&2
  exit 1
}
export GOFLAGS=-mod=readonly GOTOOLCHAIN=local CGO_ENABLED=0
mkdir -p "$target/crds"

build() {
  [ "$target/$1" -nt go.sum ] || "$go" build -trimpath -o "$target/$1" "$2"
}
build kustomize sigs.k8s.io/kustomize/kustomize/v5
build compose github.com/compose-spec/compose-go/v2/cmd

copy_crds() {
  # The folder of a module, its files for the kinds that k8s/ uses.
  downloaded=$(cd crds && "$go" mod download -json "$1")
  folder=$(echo "$downloaded" | sed -n 's/^\t"Dir": "\(.*\)",*$/\1/p')
  shift
  for file in "$@"; do cp "$folder/$file" "$target/crds/" && chmod u+w "$target/crds/$(basename "$file")"; done
}
copy_crds sigs.k8s.io/gateway-api config/crd/standard/gateway.networking.k8s.io_httproutes.yaml
copy_crds github.com/kedacore/keda/v2 config/crd/bases/keda.sh_scaledobjects.yaml
copy_crds github.com/external-secrets/external-secrets config/crds/bases/external-secrets.io_externalsecrets.yaml
copy_crds github.com/prometheus-operator/prometheus-operator \
  example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml \
  example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml

[ node_modules -nt package-lock.json ] || npm ci --no-audit --no-fund --loglevel=error

[ -x "$target/promtool" ] || sh ../unpack.sh prometheus usr/bin/promtool "$target/promtool"
echo "The tools are in .stack/tools."
