// Writes ../manifest.json and the licences of what esbuild put into each bundle; build.sh calls it.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";

const read = (path) => JSON.parse(readFileSync(path, "utf-8"));
const sum = (path) => createHash("sha256").update(readFileSync(path)).digest("hex");
const lock = read("package-lock.json").packages;
const bundles = {};
for (const name of ["graph", "editor"]) {
  const inputs = Object.keys(read(`${name}.meta.json`).inputs);
  const used = inputs.map((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]).filter(Boolean);
  const texts = [];
  const packages = [...new Set(used)].sort().map((each) => {
    const folder = `node_modules/${each}`;
    const { version, license } = read(`${folder}/package.json`);
    const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    if (!file) throw new Error(`${each} has no licence text`);
    texts.push(`${each} ${version} (${license})\n\n${readFileSync(`${folder}/${file}`, "utf-8").trim()}\n`);
    return { name: each, version, licence: license, integrity: lock[folder].integrity };
  });
  writeFileSync(`../${name}.licences.txt`, texts.join(`\n${"-".repeat(80)}\n\n`));
  bundles[`${name}.js`] = {
    sha256: sum(`../${name}.js`),
    licences: `${name}.licences.txt`,
    licences_sha256: sum(`../${name}.licences.txt`),
    packages,
  };
}
const esbuild = read("node_modules/esbuild/package.json").version;
writeFileSync("../manifest.json", JSON.stringify({ made_by: `esbuild ${esbuild}`, bundles }, null, 1) + "\n");
if (!existsSync("../graph.js")) throw new Error("no bundle was made");
