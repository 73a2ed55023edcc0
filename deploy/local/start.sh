#!/usr/bin/env bash
# Runs an exchange on this machine alone: bash deploy/local/start.sh [HOME_FOLDER]
# The first run makes the folder: private authority, keys, log, and a credential for everybody whom the agreements in
# policies/ designate. Later runs start what is there. Stop it with Ctrl-C.
set -euo pipefail
home="${1:-${XDG_STATE_HOME:-$HOME/.local/state}/isaexchange}"
mkdir -p "$home"
home="$(cd "$home" && pwd)"
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

dotnet build src/IsaExchange.Cli -c Release --nologo -v quiet
isax() { dotnet run --project src/IsaExchange.Cli -c Release --no-build -- "$@"; }

# settings.json is written last: a folder without it was left unfinished, and init says so.
if [ ! -f "$home/settings.json" ]; then
  isax init --home "$home" --policies policies
fi
echo "Credentials are in $home/credentials. In another terminal, for example:"
echo "  ISAX_CREDENTIAL=$home/credentials/PERSON dotnet run --project src/IsaExchange.Cli -c Release -- due"
isax serve --home "$home"
