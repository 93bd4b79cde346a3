"use strict";
// Numbers: as a lesson holds them, as the pictures write them, and as a reader types them.
const numbers = (() => {
const real = x => typeof x === "string" ? {nan: NaN, inf: Infinity, "-inf": -Infinity}[x] : x;
function rounded(x, digits, write) {        // Python rounds a tie to the even digit, JavaScript away from zero
  const text = write(x, digits), more = write(x, Math.min(100, digits + 25));
  const rest = more.replace(/e.*/, "").slice(-25);
  if (!/^50*$/.test(rest)) return text;
  const down = more.replace(/e.*/, "").slice(0, -25).replace(/\.$/, ""), last = Number(down.slice(-1));
  return last % 2 ? text : down + (/e.*/.exec(text) || [""])[0];
}
function number(x) {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "−inf";
  let text;
  const size = Math.abs(x);
  if (x && size >= 1e-4 && size < 1e6) {
    const power = Math.floor(Math.log10(size));
    text = rounded(x, Math.max(0, 3 - power), (y, n) => y.toFixed(n));
    if (text.includes(".")) text = text.replace(/0+$/, "").replace(/\.$/, "");
  } else if (!x) text = "0";
  else {
    let [digits, power] = rounded(x, 3, (y, n) => y.toExponential(n)).split("e");
    if (digits.includes(".")) digits = digits.replace(/0+$/, "").replace(/\.$/, "");
    const value = Number(power);
    text = value >= -4 && value < 4 ? String(Number(digits + "e" + power)) :
      digits + "e" + (value < 0 ? "-" : "+") + String(Math.abs(value)).padStart(2, "0");
  }
  return text.replaceAll("-", "−");
}
function total(terms) {
  return terms.map(number).reduce((text, one) => !text ? one :
    text + (one.startsWith("−") ? " − " + one.slice(1) : " + " + one), "");
}
const signed = x => x < 0 ? `(${number(x)})` : number(x);
function parsed(text) {
  const plain = text.trim().replaceAll("−", "-").replaceAll("，", ".").replace(/^(-?\d+),(\d+)$/, "$1.$2");
  const parts = plain.split("/");
  const one = part => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(part.trim()) ? Number(part) :
    /^[+-]?inf$/i.test(part.trim()) ? (part.trim()[0] === "-" ? -Infinity : Infinity) : /^nan$/i.test(part.trim()) ? NaN : null;
  const found = parts.map(one);
  if (!plain || parts.length > 2 || found.includes(null)) return null;
  if (parts.length === 2) return found[1] ? found[0] / found[1] : null;       // 1/0 is no number
  return found[0];
}
const near = (x, y) => Object.is(x, y) || x === y || (Number.isNaN(x) && Number.isNaN(y)) ||
  Math.abs(x - y) <= 5e-3 * Math.abs(y) || number(x) === number(y);
return {real, number, total, signed, parsed, near};
})();
