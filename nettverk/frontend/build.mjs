// Builds what the pages need from the npm packages into build/static/:
//   aksent/<name>.css   the main colour of a network that has chosen another than the theme's
//   aksent/alle.css     the colours alone, for the page that shows the networks side by side
//   designsystemet.css  layer order, reset, font face, theme and the components we use
//   inter.woff2         Inter with Norwegian and Sámi letters, weights 400–700
//   arabisk.woff2, hebraisk.woff2  for names in letters that Inter has not, in a PDF
//   ikoner.svg          one sprite with the icons named in ikoner.json
//   designsystemet.js   the web components, only for pages that ask for them
//   cally.js            the calendar of a date field, fetched when somebody opens one
// Run by `npm run build`. The font is cut with fontTools, so Python must have it:
// PYTHON, the checkout's .venv, or python3, in that order. Unchanged input is built once.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const modules = join(root, "node_modules");
const work = join(root, "build", "tema");
const out = join(root, "build", "static");

const COMPONENTS = [
  "alert", "avatar", "badge", "breadcrumbs", "button", "card", "chip", "data-size-workaround",
  "details", "dialog", "divider", "dropdown", "error-summary", "field", "fieldset", "heading",
  "input", "label", "link", "list", "pagination", "paragraph", "popover", "skeleton", "skip-link",
  "spinner", "table", "tag", "toggle-group", "validation-message",
];

// Latin, Latin-1, Latin Extended-A, the Sámi letters beyond it, dashes and quotes, €, arrows, ≠ ≤ ≥, squares, ticks.
const UNICODES =
  "U+0000-017F,U+0187-0188,U+01E4-01EF,U+0292,U+02BC,U+02C6,U+02DA,U+02DC,U+2000-206F,U+20AC,U+2122," +
  "U+2190-2193,U+2212,U+2215,U+2260,U+2264-2265,U+25A0-25CF,U+2713-2717";
const FEATURES = "calt,ccmp,kern,locl,mark,mkmk,tnum,pnum,frac,case,cv05";

const FONT_FACE = `@font-face{font-family:"Inter";src:url("inter.woff2") format("woff2");font-weight:400 700;font-style:normal;font-display:swap}`;
// Designsystemet sits in layers, so the reset must too: an unlayered one would beat it everywhere.
const RESET = `@layer reset,ds;@layer reset{*,*::before,*::after{box-sizing:border-box}h1,h2,h3,h4,p,figure,dl,dd{margin:0}}`;

const read = (path) => readFileSync(path, "utf8");

/** Whitespace and comments only: the theme is nothing but custom properties in layers. */
const squeeze = (css) =>
  css
    .replace(/@charset "[^"]*";/, "")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/\s+/g, " ")
    .replace(/\s*([{};])\s*/g, "$1")
    .replace(/;}/g, "}")
    .trim();

function inputHash() {
  const hash = createHash("sha256");
  for (const name of readdirSync(here).sort()) hash.update(read(join(here, name)));
  hash.update(read(join(root, "package-lock.json")));
  return hash.digest("hex");
}

/** What is printed is dark on light, whatever the screen is. */
const lightOnPaper = (css) =>
  css
    .replaceAll("@media (prefers-color-scheme: dark)", "@media screen and (prefers-color-scheme: dark)")
    .replaceAll("@media (prefers-color-scheme: light)", "@media print, (prefers-color-scheme: light)");

/** The theme of a configuration, as one stylesheet; its tokens and CSS are left in build/tema/<name>. */
function themeCss(config, name) {
  const cli = join(modules, "@digdir", "designsystemet", "dist", "bin", "designsystemet.js");
  const folder = join(work, name);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "config.json");
  const tokens = relative(root, join(folder, "tokens"));
  writeFileSync(file, JSON.stringify({ ...config, outDir: `./${tokens}` }));
  const run = (...args) => execFileSync(process.execPath, [cli, "tokens", ...args], { cwd: root, stdio: "pipe" });
  run("create", "--config", relative(root, file));
  run("build", "--config", relative(root, file), "--tokens", tokens, "--out-dir", relative(root, join(folder, "css")));
  return lightOnPaper(squeeze(read(join(folder, "css", `${Object.keys(config.themes)[0]}.css`))));
}

/** What of a theme gives `colour`, as the main colour: in the same layers, so that it wins by coming later. */
function asMainColour(css, colour) {
  let rest = css.replace(/(?<=[{;])[a-z-][\w-]*:[^;{}]*(;|(?=}))/g, (declaration) =>
    declaration.startsWith(`--ds-color-${colour}-`) ? declaration.replace(`-${colour}-`, "-primary-") : "",
  );
  for (let before = ""; before !== rest; ) {
    before = rest;
    rest = rest.replace(/[^{};]+\{\}/g, "");
  }
  return rest;
}

/** A scale for dark pages greys its colour; what is read and pressed is given the clear one (aksenter-moerk.json). */
function clearInTheDark(css, clear) {
  const dark = css.indexOf("@layer ds.theme.color-scheme.dark");
  if (dark < 0) throw new Error("the theme has no dark colours");
  const rgb = [1, 3, 5].map((n) => parseInt(clear.slice(n, n + 2), 16));
  const lighter = (part) => `#${rgb.map((v) => Math.round(v + (255 - v) * part).toString(16).padStart(2, "0")).join("")}`;
  const given = {
    "border-strong": clear, "text-subtle": clear,
    "base-default": clear, "base-hover": lighter(0.2), "base-active": lighter(0.4),
  };
  let rest = css.slice(dark);
  for (const [role, colour] of Object.entries(given)) {
    rest = rest.replace(new RegExp(`(--ds-color-primary-${role}:)\\s*#[0-9a-f]{6}`, "gi"), `$1${colour}`);
  }
  return css.slice(0, dark) + rest;
}

/** The two colours a horizon is drawn with: the accent, and the clear one for a dark screen. */
const drawnWith = (selector, colour, clear) => `${selector}{--app-aksent:${colour};--app-klar:${clear}}`;

/** One theme holds them all as supporting colours: their scales are made in the same way. */
function buildAccents(config, clear) {
  const accents = JSON.parse(read(join(here, "aksenter.json")));
  const own = structuredClone(config);
  Object.values(own.themes)[0].colors.support = accents;
  const css = themeCss(own, "aksenter");
  mkdirSync(join(out, "aksent"), { recursive: true });
  for (const name of Object.keys(accents)) {
    const whole = clearInTheDark(asMainColour(css, name), clear[name]);
    writeFileSync(join(out, "aksent", `${name}.css`), whole + drawnWith(":root", accents[name], clear[name]));
  }
  const each = Object.keys(accents).map((name) => drawnWith(`[data-aksent="${name}"]`, accents[name], clear[name]));
  writeFileSync(join(out, "aksent", "alle.css"), each.join(""));
}

function componentCss() {
  const src = join(modules, "@digdir", "designsystemet-css", "dist", "src");
  const whole = read(join(src, "index.css"));
  // Inside one layer the order decides, so keep the order of the package's own bundle.
  const place = (css) => whole.indexOf(css.slice(css.indexOf("{"), css.indexOf("{") + 120));
  const parts = ["base", ...COMPONENTS].map((name) => read(join(src, `${name}.css`)));
  const [base, ...rest] = parts;
  return ["@layer ds.theme,ds.base,ds.components;", base, ...rest.sort((a, b) => place(a) - place(b))].join("");
}

function buildFont() {
  const venv = join(root, ".venv", "bin", "python");
  const python = process.env.PYTHON || (existsSync(venv) ? venv : "python3");
  const source = join(modules, "inter-ui", "variable", "InterVariable.woff2");
  const cut = join(work, "inter-akser.ttf");
  const run = (...args) => execFileSync(python, ["-m", ...args], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  // One optical size and the weights the theme uses: a third of the bytes.
  run("fontTools.varLib.instancer", source, "wght=400:700", "opsz=14", "--quiet", "-o", cut);
  run(
    "fontTools.subset", cut, "--flavor=woff2", `--output-file=${join(out, "inter.woff2")}`,
    `--unicodes=${UNICODES}`, `--layout-features=${FEATURES}`,
  );
}

function buildIcons() {
  const icons = JSON.parse(read(join(here, "ikoner.json")));
  const symbols = Object.entries(icons).map(([name, file]) => {
    const svg = read(join(modules, "@navikt", "aksel-icons", "dist", "svg", `${file}.svg`));
    const inner = svg
      .replace(/^[\s\S]*?<svg[^>]*>/, "")
      .replace(/<\/svg>\s*$/, "")
      // Two decimals of a 24-unit square are finer than any screen draws, and halve the file.
      .replace(/\d+\.\d{3,}/g, (number) => String(Math.round(Number(number) * 100) / 100))
      .replaceAll(' fill="currentColor"', "")
      .trim();
    return `<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`;
  });
  writeFileSync(join(out, "ikoner.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}

function buildScript() {
  const source = read(join(modules, "@digdir", "designsystemet-web", "dist", "umd", "index.js"));
  // The static files storage follows the map comment and stops when the map is missing.
  writeFileSync(join(out, "designsystemet.js"), source.replace(/\/\/# sourceMappingURL=.*\s*$/, ""));
}

/** For names in other scripts, as the packages have them: a PDF must hold its letters, a screen has its own.
 * No mark of theirs is a glyph of its own but what is written as one: PDF/UA wants a letter for each. */
function copyOtherScripts() {
  for (const [name, font, script] of [["arabisk", "vazirmatn", "arabic"], ["hebraisk", "noto-sans-hebrew", "hebrew"]]) {
    const file = `${font}-${script}-wght-normal.woff2`;
    copyFileSync(join(modules, "@fontsource-variable", font, "files", file), join(out, `${name}.woff2`));
  }
}

/** One file as the package has it, with all it needs. */
function buildCalendar() {
  copyFileSync(join(modules, "cally", "dist", "cally.js"), join(out, "cally.js"));
}

const stamp = join(work, "stempel");
const hash = inputHash();
if (existsSync(stamp) && read(stamp) === hash) {
  console.log("build/static/ er oppdatert");
} else {
  rmSync(work, { recursive: true, force: true });
  rmSync(out, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  mkdirSync(out, { recursive: true });
  const config = JSON.parse(read(join(here, "designsystemet.config.json")));
  const clear = JSON.parse(read(join(here, "aksenter-moerk.json")));
  const theme = clearInTheDark(themeCss(config, "oppvekst"), clear.hav);
  const main = Object.values(config.themes)[0].colors.main.primary;
  const css = [RESET, FONT_FACE, theme, drawnWith(":root", main, clear.hav), componentCss()].join("\n");
  writeFileSync(join(out, "designsystemet.css"), css);
  buildAccents(config, clear);
  buildFont();
  copyOtherScripts();
  buildIcons();
  buildScript();
  buildCalendar();
  writeFileSync(stamp, hash);
  console.log("build/static/ er bygd: designsystemet.css, designsystemet.js, ikoner.svg, inter.woff2");
}
