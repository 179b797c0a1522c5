#!/bin/sh
# Makes ../graph.js and ../editor.js, their licences and ../manifest.json out of the packages of package-lock.json.
# Needs Node and npm, and for `npm ci` the registry; whoever installs wenmai needs neither.
set -eu
cd "$(dirname "$0")"
[ -d node_modules ] || npm ci
for name in graph editor; do
  node_modules/.bin/esbuild "$name.entry.js" --bundle --format=esm --minify --target=es2022 --charset=utf8 \
    --legal-comments=none --banner:js="/* Licences: $name.licences.txt beside this file; versions: manifest.json. */" \
    --log-level=warning --metafile="$name.meta.json" --outfile="../$name.js"
done
node manifest.mjs
rm -f graph.meta.json editor.meta.json
