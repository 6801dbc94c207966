/** Light or dark as the system has it, until somebody chooses; a choice is kept where the browser keeps things. */
const KEY = "statloom-theme";

export function applyTheme(): void {
  try {
    const chosen = localStorage.getItem(KEY);
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset["theme"] = chosen;
  } catch {
    // storage can be forbidden
  }
}

export const isDark = (): boolean =>
  (document.documentElement.dataset["theme"] ??
    (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";

/** Told as `themechange`, for what draws with colours of its own. */
export function toggleTheme(): void {
  const next = isDark() ? "light" : "dark";
  document.documentElement.dataset["theme"] = next;
  dispatchEvent(new Event("themechange"));
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // it holds for this visit
  }
}
