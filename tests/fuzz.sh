#!/usr/bin/env bash
# Looks for bytes that break what the harnesses of IsaExchange.Fuzz promise, one harness after the other:
#   bash tests/fuzz.sh [--minutes N] [HARNESS...]
# Default: 15 minutes each, all of them. What was found, and the figures, are in artifacts/fuzz/found/HARNESS.
# Needs afl++ (on Debian: apt-get install afl++). No test calls this; they replay the corpora.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

minutes=15
if [ "${1-}" = --minutes ]; then minutes=${2:?}; shift 2; fi
harnesses=("$@")
[ "${#harnesses[@]}" -gt 0 ] || harnesses=(submission age-header signed-note agreement)
command -v afl-fuzz > /dev/null || { echo "Not installed: afl++" >&2; exit 1; }

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
home=$PWD/artifacts/fuzz
program=$home/program
corpora=$PWD/tests/IsaExchange.Fuzz/corpora

# Only what reads the bytes is instrumented, the libraries below it too; a second time would fail, so it is published
# anew.
[ -x "$home/tools/sharpfuzz" ] \
  || dotnet tool install --tool-path "$home/tools" SharpFuzz.CommandLine --version 2.3.0 > /dev/null
rm -rf "$program"
dotnet publish tests/IsaExchange.Fuzz -c Release -o "$program" --nologo -v quiet \
  -p:RunAnalyzersDuringBuild=false -p:EnforceCodeStyleInBuild=false
for library in IsaExchange.Datasets CsvHelper IsaExchange.TransparencyLog IsaExchange.Agreement YamlDotNet; do
  "$home/tools/sharpfuzz" "$program/$library.dll" > /dev/null
done
"$home/tools/sharpfuzz" "$program/IsaExchange.Exchange.dll" IsaExchange.Exchange.Sealing > /dev/null

# The program is no native one, and crashes are reported by SharpFuzz.
export AFL_SKIP_BIN_CHECK=1 AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_AFFINITY=1
for harness in "${harnesses[@]}"; do
  rm -rf "$home/found/$harness"
  mkdir -p "$home/found/$harness/seeds"
  # An empty seed would end the campaign before it begins.
  find "$corpora/$harness" -type f -size +0 -exec cp -t "$home/found/$harness/seeds" {} +
  nice -n 19 afl-fuzz -i "$home/found/$harness/seeds" -o "$home/found/$harness" -t 10000 -m none -G 16384 \
    -V "$((minutes * 60))" -- dotnet "$program/IsaExchange.Fuzz.dll" "$harness" \
    > "$home/found/$harness/log" 2>&1 || { tail -20 "$home/found/$harness/log" >&2; exit 1; }
  echo "$harness:"
  grep -E '^(run_time|execs_(done|per_sec)|corpus_count|saved_|edges_found|total_edges|bitmap_cvg)' \
    "$home/found/$harness/default/fuzzer_stats"
done
