#!/bin/sh
# The HTML report opens in headless Chromium without a message on its console.
# usage: report_in_browser.sh MCUPROF MCUPROF_GUI
set -eu
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
[ -n "$browser" ] || {
  echo "skipped: no Chromium"
  exit 0
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$1" zoo mobilenet_v2 --width 0.35 --input 128 -o "$work/net.tflite"
cat >"$work/script" <<TXT
open $work/net.tflite
report $work/report.html
quit
TXT
QT_QPA_PLATFORM=offscreen "$2" --script "$work/script"
"$browser" --headless --no-sandbox --disable-gpu --user-data-dir="$work/profile" --enable-logging=stderr --v=0 \
  --dump-dom "file://$work/report.html" >"$work/dom.html" 2>"$work/log"
grep -q '<svg' "$work/dom.html" || {
  echo "the page has no drawing" >&2
  exit 1
}
if grep 'CONSOLE' "$work/log" >&2; then
  exit 1
fi
