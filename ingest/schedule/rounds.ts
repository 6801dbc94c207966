import type { ScheduleState } from "./schedule-state.ts";
import type { World } from "./world.ts";

/** What the rounds share: the state on disk, and the only way to change it. */
export type Rounds = {
  readonly world: World;
  readonly signal: AbortSignal;
  state(): ScheduleState;
  change(next: Partial<ScheduleState>): void;
};
