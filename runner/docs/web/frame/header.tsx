import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { SiteFrame } from "../../data/frame-types.ts";
import { link } from "../kit/route.ts";
import { isDark, toggleTheme } from "../kit/theme.ts";
import { pages } from "./pages.ts";
import { SearchButton } from "./search/search-button.tsx";

export function Header({ frame, current }: { frame: SiteFrame; current: string }): VNode {
  const shown = pages.filter(
    ({ label, needs }) => label !== null && (needs === undefined || frame.has.includes(needs)),
  );
  return (
    <header class="bar">
      <a class="brand" href="#/">
        <img src="icon.svg" alt="" width="28" height="28" />
        <span>{frame.project}</span>
      </a>
      <nav aria-label="Pages">
        {shown.map(({ route, label }) => (
          <a
            key={route}
            href={route === "" ? "#/" : link(route)}
            aria-current={route === current ? "page" : undefined}
          >
            {label}
          </a>
        ))}
      </nav>
      <SearchButton />
      <ThemeButton />
    </header>
  );
}

function ThemeButton(): VNode {
  const [dark, setDark] = useState(isDark);
  const toggle = (): void => {
    toggleTheme();
    setDark(isDark());
  };
  return (
    <button
      type="button"
      class="icon-button"
      onClick={toggle}
      aria-label={dark ? "Use light colours" : "Use dark colours"}
    >
      <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" class="line-icon">
        {dark ? (
          <path d="M12 4V2m0 20v-2m8-8h2M2 12h2m13.7-5.7 1.4-1.4M4.9 19.1l1.4-1.4m0-11.4L4.9 4.9m14.2 14.2-1.4-1.4M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0Z" />
        ) : (
          <path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z" />
        )}
      </svg>
    </button>
  );
}
