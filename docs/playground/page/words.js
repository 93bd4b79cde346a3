// The words of the pages, in the language of the reader; and a file to save.
export const words = await fetch("words.json").then((answer) => answer.json());
export let lang = /[#&]lang=(en|zh)\b/.exec(location.hash)?.[1] || (navigator.language.startsWith("zh") ? "zh" : "en");

export function say(word, details = {}) {
  return words[lang][word].replace(/\{(\w+)\}/g, (_, name) => String(details[name] ?? "?"));
}

export function speak(language, title) {
  lang = language;
  document.documentElement.lang = lang;
  document.title = say(title);
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = say(element.dataset.word);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", say(element.dataset.label));
  for (const element of document.querySelectorAll("[data-title]")) element.title = say(element.dataset.title);
  for (const link of document.querySelectorAll("a[data-word]")) link.hash = `lang=${lang}`;
  for (const button of document.querySelectorAll("[data-lang]"))
    button.setAttribute("aria-pressed", String(button.dataset.lang === lang));
}

export function save(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
