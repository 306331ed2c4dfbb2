// The menu for what is not text: a picture, and in private a voice message or a file.

const NAME_OF_FILE = "值班名单.xlsx";

// `send(kind, text, data)` sends; `written()` takes what stands in the composer, which a voice message speaks; `chosen` is
// the field that lets people choose a file.
export function attach(button, menu, { send, written, chosen }) {
  const texts = { picture: () => "", audio: written, file: () => NAME_OF_FILE };
  const isOpen = () => !menu.hidden;

  function show(open) {
    menu.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (open) menu.querySelector("button:not([hidden])").focus();
  }

  button.addEventListener("click", () => show(!isOpen()));
  for (const item of menu.querySelectorAll("[data-kind]")) {
    item.addEventListener("click", () => {
      show(false);
      button.focus();
      send(item.dataset.kind, texts[item.dataset.kind]());
    });
  }
  menu.querySelector("[data-choose]").addEventListener("click", () => {
    show(false);
    button.focus();
    chosen.click();
  });
  chosen.addEventListener("change", async () => {
    const [file] = chosen.files;
    if (file) send("file", file.name, await inBase64(file));
    chosen.value = "";
  });
  menu.addEventListener("keydown", (event) => {
    const items = [...menu.querySelectorAll("button:not([hidden])")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") { show(false); button.focus(); }
    if (!step) return;
    event.preventDefault();
    items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
  });
  document.addEventListener("click", (event) => {
    if (isOpen() && !menu.contains(event.target) && !button.contains(event.target)) show(false);
  });
}

function inBase64(file) {
  return new Promise((done) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => done(reader.result.slice(reader.result.indexOf(",") + 1)));
    reader.addEventListener("error", () => done(""));
    reader.readAsDataURL(file);
  });
}

// In a group nobody can @ the robot with a voice message or a file (docs/platform.md §3).
export function fitTo(menu, isGroup) {
  for (const item of menu.querySelectorAll("[data-only-private]")) item.hidden = isGroup;
}
