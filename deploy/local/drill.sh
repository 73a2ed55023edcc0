#!/usr/bin/env bash
# The restore drill: copies an exchange that may run, makes it again in a temporary place, and holds it against
# everything it promised. Says how long each took. Usage: bash deploy/local/drill.sh HOME [SETTINGS]
# SETTINGS names other, empty servers for an exchange that is kept on servers.
set -euo pipefail
home=${1:?usage: bash deploy/local/drill.sh HOME [SETTINGS]}
servers=${2-}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
dotnet build src/IsaExchange.Cli -c Release --nologo -v quiet

step() {
  local begun=$SECONDS
  dotnet run --project src/IsaExchange.Cli -c Release --no-build -- "$@"
  echo "$1: $((SECONDS - begun)) s"
}

step backup --home "$home" --to "$place/copy" --keys-to "$place/keys"
step restore --home "$place/home" --from "$place/copy" --keys-from "$place/keys" ${servers:+--settings "$servers"}
step fsck --home "$place/home"
