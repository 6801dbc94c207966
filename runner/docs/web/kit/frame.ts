import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { SiteFrame } from "../../data/frame-types.ts";

export const FrameContext = createContext<SiteFrame | null>(null);

/** What every page has around it. */
export const useFrame = (): SiteFrame => useContext(FrameContext)!;
