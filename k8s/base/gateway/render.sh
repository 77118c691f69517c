#!/bin/sh
# Puts the environment's addresses into gateway/envoy.yaml, which is written for one machine. The settings are those of the
# ConfigMap gateway-settings; an unset one stops the pod and names it.
set -eu
source=${1:-/etc/gateway/envoy.yaml}
target=${2:-/rendered/envoy.yaml}
local=http://127.0.0.1:8080
sed \
  -e "s#$local/oidc/auth\$#${OIDC_AUTHORIZATION_URL:?}#" \
  -e "s#$local/oidc/session/end\$#${OIDC_END_SESSION_URL:?}#" \
  -e "s#$local/oidc/token\([,}]\)#${OIDC_TOKEN_URL:?}\1#" \
  -e "s#$local/oidc/jwks\([,}]\)#${OIDC_JWKS_URL:?}\1#" \
  -e "s#issuer: $local/oidc\$#issuer: ${OIDC_ISSUER:?}#" \
  -e "s#$local#${PUBLIC_URL:?}#g" \
  -e "s#${local#*://}#${PUBLIC_URL#*://}#g" \
  -e "s#{address: oidc, port_value: 3000}#{address: ${OIDC_HOST:?}, port_value: ${OIDC_PORT:?}}#" \
  -e "s#^\( *\)use_remote_address: true\$#&\n\1xff_num_trusted_hops: ${TRUSTED_HOPS:?}#" \
  "$source" > "$target"
