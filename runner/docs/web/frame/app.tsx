import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { SiteFrame } from "../../data/frame-types.ts";
import { FrameContext } from "../kit/frame.ts";
import { formatMinute } from "../kit/format.ts";
import { loadPage, readPage } from "../kit/registry.ts";
import { useRoute } from "../kit/route.ts";
import type { Route } from "../kit/route.ts";
import { Empty } from "../kit/state.tsx";
import { Header } from "./header.tsx";
import { pages } from "./pages.ts";
import type { PageEntry } from "./pages.ts";

export function App({ frame }: { frame: SiteFrame }): VNode {
  const route = useRoute();
  const entry = pages.find((page) => page.route === route.page);
  if (entry !== undefined) moveTo(entry);
  useEffect(() => {
    scrollTo(0, 0);
    document.title = `${entry?.label ?? route.path[0] ?? "Not found"} · ${frame.project}`;
  }, [route.page, route.path.join("/")]);
  return (
    <FrameContext.Provider value={frame}>
      <a class="skip" href="#main" onClick={toMain}>
        Skip to content
      </a>
      <Header frame={frame} current={route.page} />
      <main id="main" tabIndex={-1} class={entry?.wide ? "wide" : "page"}>
        {entry === undefined ? (
          <Empty title="There is no such page">
            <a href="#/">Back to the first page</a>
          </Empty>
        ) : (
          <Outlet entry={entry} route={route} />
        )}
      </main>
      {entry?.wide ? null : (
        <footer class="foot">
          {frame.project} · {frame.adapter}, target {frame.target} · made {formatMinute(frame.generatedAt)} by
          Statloom
        </footer>
      )}
    </FrameContext.Provider>
  );
}

/** To the document that may do what the page does; a folder on disk has no policy but that of its documents, and no worker either. */
function moveTo({ document: wanted = "index.html" }: PageEntry): void {
  const here = location.pathname.endsWith("/explore.html") ? "explore.html" : "index.html";
  if (here !== wanted && location.protocol !== "file:") location.replace(`${wanted}${location.hash}`);
}

/** The address stays that of the page: `#main` would be another. */
function toMain(event: Event): void {
  event.preventDefault();
  document.getElementById("main")!.focus();
}

function Outlet({ entry, route }: { entry: PageEntry; route: Route }): VNode {
  const [failed, setFailed] = useState<{ module: string; message: string } | null>(null);
  const [, redraw] = useState(0);
  const page = readPage(entry.module);
  useEffect(() => {
    if (page === undefined)
      loadPage(entry.module, entry.styles === true).then(
        () => redraw((count) => count + 1),
        (error: Error) => setFailed({ module: entry.module, message: error.message }),
      );
  }, [entry.module]);
  if (page === undefined)
    return failed?.module === entry.module ? (
      <Empty title="This page is missing">{failed.message}</Empty>
    ) : (
      <div class="waiting" aria-busy="true" />
    );
  const { Page } = page;
  return <Page path={route.path} query={route.query} />;
}
