#!/usr/bin/env bash
# What the action runs. Everything comes through the environment, so that no input is ever part of a
# script's text.
set -euo pipefail
output=${MCUPROF_OUTPUT:-mcuprof-check}
mkdir -p "$output"
arguments=(--budget "${MCUPROF_BUDGET:-mcuprof.toml}")
[ -z "${MCUPROF_BASELINE:-}" ] || arguments+=(--baseline "$MCUPROF_BASELINE")
[ -z "${MCUPROF_FAIL_ON:-}" ] || arguments+=(--fail-on "$MCUPROF_FAIL_ON")
while IFS= read -r model; do
  [ -z "$model" ] || arguments+=("$model")
done <<<"${MCUPROF_MODELS:-}"

status=0
"${MCUPROF:-mcuprof}" check --format github \
  -o "json=$output/check.json" -o "sarif=$output/check.sarif" -o "junit=$output/check.xml" \
  -o "markdown=$output/check.md" "${arguments[@]}" || status=$?
if [ -n "${GITHUB_STEP_SUMMARY:-}" ] && [ -f "$output/check.md" ]; then
  cat "$output/check.md" >>"$GITHUB_STEP_SUMMARY"
fi
if [ -n "${GITHUB_OUTPUT:-}" ]; then
  {
    echo "status=$status"
    echo "sarif=$output/check.sarif"
  } >>"$GITHUB_OUTPUT"
fi
exit "$status"
