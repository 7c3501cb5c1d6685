#!/usr/bin/env bash
# jsdom 29.0.1, Node 20, nothing set.
#
# A range without a value stands in the middle between `min` and `max`. In jsdom the order of the attributes decides: the value is
# worked out when `type` is read, with the bounds that have been read until then, and not again for those that follow.
# `<input type=range min=3 max=10>` has the value 50, which its own validity calls an overflow; `<input min=3 max=10 type=range>` has
# 6.5, which is none of its steps (3, 4, 5 …). Chromium 153 says 7 for the first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log 2>&1
npm pkg set type=module > npm.log 2>&1
npm install --no-audit --no-fund jsdom@29.0.1 > npm.log 2>&1

cat > range.js <<'JS'
import { JSDOM } from 'jsdom';

const { document } = new JSDOM('<input type=range min=3 max=10><input min=3 max=10 type=range>').window;
for (const { value, validity } of document.querySelectorAll('input')) {
  console.log(value, validity.rangeOverflow ? 'over its maximum' : 'within', validity.stepMismatch ? 'between two steps' : 'on a step');
}
JS

seen=$(node range.js)
echo "$seen"
[ "$(echo "$seen" | cut -d' ' -f1 | tr '\n' ' ')" = '50 6.5 ' ] || { echo 'it has changed'; exit 1; }
