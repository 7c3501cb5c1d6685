#!/usr/bin/env bash
# html-minifier-next 6.2.11 and html-minifier-terser 7.2.0 with collapseBooleanAttributes, @minify-html/node 0.18.1 with nothing set.
#
# `hidden` has been an enumerated attribute since it has a second state: with `until-found` the browser's search in the page and links to fragments
# reveal what is hidden (HTML Standard, 6.1). All three still take it for a boolean one and drop the value, so that the text can no
# longer be found. The popover attribute, enumerated as well, is left as it is.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log 2>&1
npm pkg set type=module > npm.log 2>&1
npm install --no-audit --no-fund html-minifier-next@6.2.11 html-minifier-terser@7.2.0 @minify-html/node@0.18.1 > npm.log 2>&1

cat > faq.js <<'JS'
import minifyHtml from '@minify-html/node';
import { minify as next } from 'html-minifier-next';
import { minify as terser } from 'html-minifier-terser';

const html = '<div hidden="until-found">answer</div><div popover="manual">hint</div>';
console.log(await next(html, { collapseBooleanAttributes: true }));
console.log(await terser(html, { collapseBooleanAttributes: true }));
console.log(minifyHtml.minify(Buffer.from(html), {}).toString());
JS

seen=$(node faq.js)
echo "$seen"
[ "$seen" = '<div hidden>answer</div><div popover="manual">hint</div>
<div hidden>answer</div><div popover="manual">hint</div>
<div hidden>answer</div><div popover=manual>hint</div>' ] || { echo 'it has changed'; exit 1; }
