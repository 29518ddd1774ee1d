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

# Repeats a command every 0.1 s until it succeeds.
# usage: until_true WHAT COMMAND [ARGUMENT...]
until_true() {
  what=$1
  shift
  tries=0
  until "$@"; do
    kill -0 "$program" 2>/dev/null || fail "the program ended before: $what"
    tries=$((tries + 1))
    [ "$tries" -le 300 ] || fail "not seen in 30 s: $what"
    sleep 0.1
  done
}

# Sets `window` to the visible window of this exact title.
find_window() {
  for window in $(xdotool search --onlyvisible --name "^$1\$" 2>/dev/null || true); do
    [ "$(xdotool getwindowname "$window" 2>/dev/null || true)" != "$1" ] || return 0
  done
  return 1
}

focused() {
  [ "$(xdotool getwindowfocus 2>/dev/null || true)" = "$1" ]
}

# Waits for the window of this title and gives it the keyboard.
use_window() {
  until_true "the window \"$1\"" find_window "$1"
  xdotool windowfocus "$window"
  until_true "the keyboard in \"$1\"" focused "$window"
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
use_window "mcuprof - net.tflite @ nucleo-f767zi"
xdotool key n
xdotool key ctrl+k
use_window Commands
xdotool type --delay 20 'board nucleo-f429zi'
xdotool key Return
use_window "mcuprof - net.tflite @ nucleo-f429zi"
xdotool key ctrl+q
wait_for_end

"$gui" "$work/net.tflite" >"$work/log" 2>&1 &
program=$!
use_window "mcuprof - net.tflite @ nucleo-f429zi"
xdotool key ctrl+q
wait_for_end
