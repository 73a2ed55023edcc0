#!/usr/bin/env bash
# The one test command: bash tests/run.sh [--full]
# Installs what the tests need and this machine lacks, builds, runs every test project, and ends with one line:
#   N passed, N failed, N skipped
# --full adds the long campaigns (ISAX_FULL=1). The exit code is 0 only when everything built, ran and passed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

case "${1-}" in
  '') ;;
  --full) export ISAX_FULL=1 ;;
  *) echo "usage: bash tests/run.sh [--full]" >&2; exit 2 ;;
esac

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# Most processes here live for a second or two: what the runtime measures to optimise later, or reserves for a heap a
# processor, is never used.
export DOTNET_TieredPGO=0 DOTNET_gcServer=0
# No build process outlives this command.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0

solution=IsaExchange.sln
results=artifacts/test-results
ready=$PWD/artifacts/ready

# The closing line counts what failed before any test could run as one failure: it must never read as green.
stop() { echo "$1" >&2; echo "0 passed, 1 failed"; exit 1; }

install_tools() {
  local missing=() tool attempt
  for tool in age strace npm; do command -v "$tool" > /dev/null || missing+=("$tool"); done
  command -v node > /dev/null || missing+=(nodejs)
  command -v aiosmtpd > /dev/null || missing+=(python3-aiosmtpd)
  # What analysts read releases with.
  command -v soffice > /dev/null || missing+=(libreoffice-calc-nogui)
  Rscript -e 'library(readr)' > /dev/null 2>&1 || missing+=(r-cran-readr)
  python3 -c 'import pandas' 2> /dev/null || /usr/bin/python3 -c 'import pandas' 2> /dev/null \
    || missing+=(python3-pandas)
  # The server's programs are not on the path; the tests start a cluster of their own.
  compgen -G '/usr/lib/postgresql/*/bin/initdb' > /dev/null || missing+=(postgresql)
  [ "${#missing[@]}" -eq 0 ] && return
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get > /dev/null; then
    echo "Not installed: ${missing[*]} (needs root and apt-get). The tests that use them say so." >&2
    return
  fi
  # Another apt-get may hold the lock of the package lists, which has no timeout of its own.
  for attempt in 1 2 3 4 5 6; do
    apt-get update -qq < /dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
      --no-install-recommends -o DPkg::Lock::Timeout=60 "${missing[@]}" < /dev/null && return
    echo "apt-get failed (attempt $attempt of 6)" >&2
    sleep 5
  done
  stop "Could not install: ${missing[*]}"
}

# The OpenID provider that the tests log in at, Azurite, and readers of open formats; npm leaves a copy of the lock
# file beside what it installed.
install_provider() {
  command -v npm > /dev/null || return
  [ tests/node_modules/.package-lock.json -nt tests/package-lock.json ] && return
  npm ci --prefix tests --silent --no-audit --no-fund < /dev/null \
    || stop "Could not install the packages of tests/package.json."
}

# The tests start the programs some thousand times, and most of a start is compiling them: here that is done once. The
# layout is that of the build's output, so that isax finds the service. Where it cannot be done they run as built.
compile_programs() {
  local program
  [ "$(uname -sm)" = "Linux x86_64" ] || return
  for program in Service Cli; do
    dotnet publish "src/IsaExchange.$program" -c Release -r linux-x64 --self-contained false \
      -p:RunAnalyzersDuringBuild=false -p:EnforceCodeStyleInBuild=false \
      -o "$ready/IsaExchange.$program/release" --nologo -v quiet || return
  done
  export ISAX_PROGRAMS=$ready
}

# Adds up the summaries of the CTRF reports. No JSON tool is taken for granted on a fresh machine; quotes inside
# JSON strings are escaped, so the first bare "summary":{ of a report is the real one.
sum_reports() {
  local report
  find "$results" -type f -name '*.ctrf*' | while IFS= read -r report; do
    tr -d '\n\r' < "$report" | grep -o '"summary"[[:space:]]*:[[:space:]]*{[^}]*}' | head -n 1
  done | awk '
    function field(name,  at) {
      if (!match($0, "\"" name "\"[ \t]*:[ \t]*[0-9]+")) return 0
      at = substr($0, RSTART, RLENGTH); sub(/.*:[ \t]*/, "", at); return at + 0
    }
    { passed += field("passed"); failed += field("failed") }
    { skipped += field("skipped") + field("pending") + field("other") }
    END { print passed + 0, failed + 0, skipped + 0 }'
}

command -v dotnet > /dev/null || stop "The .NET SDK of global.json is not installed (no dotnet on the path)."
install_tools
install_provider
dotnet build "$solution" -c Release --nologo -v minimal || stop "The build failed."
rm -rf "$ready"
compile_programs || echo "The programs could not be compiled ahead of time; the tests start them as built." >&2

rm -rf "$results"
printed=$(mktemp) || stop "No temporary file could be made."
# Side by side, each with a folder of its own: reports are named by the time, and two have been known to start in the
# same microsecond.
running=()
for project in tests/*/*.csproj; do
  grep -q '<IsTestProject>true' "$project" || continue
  dotnet test --project "$(dirname "$project")" -c Release --no-build \
    --results-directory "$PWD/$results/$(basename "$project" .csproj)" --report-xunit-ctrf --no-progress --no-ansi \
    > >(tee -a "$printed") 2>&1 &
  running+=($!)
done
outcome=0
for run in "${running[@]}"; do wait "$run" || outcome=$?; done

# Once more, the tests of a whole exchange, with everything it keeps on PostgreSQL, Azurite and the vault stand-in.
# Left out: what starts those servers itself whatever the set-up, and what looks into the files of a home.
echo "The same service tests, on servers:"
ISAX_SET_UP=servers dotnet test --project tests/IsaExchange.ServiceTests -c Release --no-build \
  --results-directory "$PWD/$results/servers" --report-xunit-ctrf --no-progress --no-ansi \
  --filter-not-namespace IsaExchange.ServiceTests.Objects IsaExchange.ServiceTests.Vault \
  --filter-not-class '*.Catalogue.DecisionRaceTests' '*.Catalogue.InterruptedTransactionTests' \
  '*.Catalogue.MigrationTests' '*.Catalogue.OwnRowsTests' '*.Catalogue.RightsTests' '*.Catalogue.SequencerTests' \
  '*.Faults.BadInputTests' '*.Faults.DiskTests' '*.Faults.MemoryTests' \
  '*.Transcripts.DemoTests' '*.Transcripts.OfflineVerbTests' | tee -a "$printed"
on_servers=${PIPESTATUS[0]}
[ "$outcome" -ne 0 ] || outcome=$on_servers

[ -d "$results" ] || stop "No test report was written (dotnet test ended with $outcome)."
read -r passed failed skipped < <(sum_reports)
projects=$(grep -l '<IsTestProject>true' tests/*/*.csproj | wc -l)
reports=$(find "$results" -type f -name '*.ctrf*' | wc -l)
[ "$reports" -gt "$projects" ] \
  || stop "$projects test projects, one of them twice, wrote only $reports reports (exit code $outcome)."
if [ "$((passed + failed))" -eq 0 ]; then stop "No test ran (dotnet test ended with $outcome)."; fi
if [ "$outcome" -ne 0 ] && [ "$failed" -eq 0 ]; then
  echo "dotnet test ended with $outcome without a failing test: a test project crashed or held no test." >&2
  failed=1
fi
# Once more at the end, where whoever reads only the end finds it: which tests failed and what they said first.
grep -A 4 '^failed ' "$printed" | cut -c 1-300
rm -f "$printed"
echo "$skipped skipped"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
