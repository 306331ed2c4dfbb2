// The menu for what is not text: a picture, and in private a voice message or a file.

const NAME_OF_FILE = "值班名单.xlsx";

// `send(kind, text)` sends; `written()` takes what stands in the composer, which a voice message speaks.
export function attach(button, menu, { send, written }) {
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

// In a group nobody can @ the robot with a voice message or a file (docs/platform.md §3).
export function fitTo(menu, isGroup) {
  for (const item of menu.querySelectorAll("[data-only-private]")) item.hidden = isGroup;
}
