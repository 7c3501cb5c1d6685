#!/usr/bin/env bash
# happy-dom 21.0.4, Node 20, nothing set.
#
# `new FormData(form)` is to be the entry list of the HTML Standard ("constructing the entry list"), which is what a browser sends.
# happy-dom makes another one, so that a test sees fields that no page would post:
# - controls in a disabled fieldset are in it (a control's own `disabled` is heeded);
# - of two radio buttons of one group that are both written `checked`, both are in it; a browser keeps the last;
# - a chosen option of a multiple select is left out when its value is "";
# - a select that shows several lines and has nothing chosen gives an entry, with the value "";
# - an image button is in it though nobody pressed it, and gives its name instead of its two coordinates;
# - a text's white space is not collapsed in an option that has no value attribute.
# Chromium 153 gives for the same form: legend=1, radio=b, many=x, many=, option=two words.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log 2>&1
npm pkg set type=module > npm.log 2>&1
npm install --no-audit --no-fund happy-dom@21.0.4 > npm.log 2>&1

cat > form.js <<'JS'
import { Window } from 'happy-dom';

const window = new Window();
window.document.body.innerHTML = `<form>
  <fieldset disabled><legend><input name="legend" value="1"></legend><input name="fieldset" value="2"></fieldset>
  <input name="own" value="3" disabled>
  <input type="radio" name="radio" value="a" checked><input type="radio" name="radio" value="b" checked>
  <select name="many" multiple><option selected>x</option><option selected value="">nothing</option></select>
  <select name="lines" size="3"><option>x</option><option>y</option></select>
  <input type="image" name="map" alt="Map">
  <select name="option"><option>  two \n  words  </option></select>
</form>`;
const entries = [...new window.FormData(window.document.querySelector('form'))];
console.log(entries.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(' '));
await window.happyDOM.close();
JS

seen=$(node form.js)
echo "$seen"
expected='legend="1" fieldset="2" radio="a" radio="b" many="x" lines="" map="" option="  two \n  words  "'
[ "$seen" = "$expected" ] || { echo 'it has changed'; exit 1; }
