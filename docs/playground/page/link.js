// A program in the address, as #py=...&lang=...: base64 of UTF-8, with the letters that an address leaves alone.
export const MOST = 8000;

export function write(program, lang) {
  const bytes = new TextEncoder().encode(program);
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return `#py=${text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}&lang=${lang}`;
}

// {program, lang}: program is null where the address has none, undefined where it is damaged.
export function read(hash) {
  const parts = new Map(hash.slice(1).split("&").map((part) => part.split("=")));
  const lang = ["en", "zh"].includes(parts.get("lang")) ? parts.get("lang") : null;
  const text = parts.get("py");
  if (text === undefined) return { program: null, lang };
  try {
    if (text.length > 4 * MOST) throw new RangeError("too long");
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    return { program: new TextDecoder("utf-8", { fatal: true }).decode(bytes), lang };
  } catch {
    return { program: undefined, lang };
  }
}
