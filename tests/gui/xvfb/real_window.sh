#!/bin/sh
# A real window under a virtual X server, driven by key strokes alone: opens a model, changes the board
# in the command palette, quits, and finds the board again at the next start.
# usage: real_window.sh MCUPROF MCUPROF_GUI
set -eu
mcuprof=$1
gui=$2
work=$(mktemp -d)
xvfb=""
program=""
clean() {
  [ -z "$program" ] || kill "$program" 2>/dev/null || true
  [ -z "$xvfb" ] || kill "$xvfb" 2>/dev/null || true
  rm -rf "$work"
}
trap clean EXIT
fail() {
  echo "real_window.sh: $*" >&2
  exit 1
}

# The server chooses a free display and writes its number.
mkfifo "$work/display"
Xvfb -displayfd 3 -screen 0 1280x900x24 -nolisten tcp 3>"$work/display" 2>"$work/xvfb.log" &
xvfb=$!
read -r number <"$work/display"
export DISPLAY=":$number" QT_QPA_PLATFORM=xcb HOME="$work" XDG_CONFIG_HOME="$work/config" XDG_RUNTIME_DIR="$work"
unset WAYLAND_DISPLAY

# Waits until the title of the window is what is wanted.
wait_for_title() {
  tries=0
  while :; do
    title=$(xdotool search --onlyvisible --name '^mcuprof' getwindowname 2>/dev/null | tail -n 1 || true)
    [ "$title" != "$1" ] || return 0
    kill -0 "$program" 2>/dev/null || fail "the program ended; the title was to be \"$1\""
    tries=$((tries + 1))
    [ "$tries" -le 300 ] || fail "the title is \"$title\"; wanted \"$1\""
    sleep 0.1
  done
}

wait_for_end() {
  status=0
  wait "$program" || status=$?
  program=""
  [ "$status" -eq 0 ] || fail "status $status; wanted 0: $(cat "$work/log")"
}

"$mcuprof" zoo mobilenet_v2 --width 0.35 --input 96 -o "$work/net.tflite"
"$gui" --board f767zi "$work/net.tflite" >"$work/log" 2>&1 &
program=$!
wait_for_title "mcuprof - net.tflite @ nucleo-f767zi"
window=$(xdotool search --onlyvisible --name '^mcuprof - net' | tail -n 1)
xdotool windowfocus "$window"
sleep 0.3
xdotool key n
xdotool key ctrl+k
xdotool search --sync --onlyvisible --name '^Commands$' >/dev/null
sleep 0.3
xdotool type --delay 20 'board nucleo-f429zi'
xdotool key Return
wait_for_title "mcuprof - net.tflite @ nucleo-f429zi"
xdotool windowfocus "$window"
sleep 0.3
xdotool key ctrl+q
wait_for_end

"$gui" "$work/net.tflite" >"$work/log" 2>&1 &
program=$!
wait_for_title "mcuprof - net.tflite @ nucleo-f429zi"
xdotool windowfocus "$(xdotool search --onlyvisible --name '^mcuprof - net' | tail -n 1)"
sleep 0.3
xdotool key ctrl+q
wait_for_end
