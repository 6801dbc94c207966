import type { VNode } from "preact";

type ChipsProps<T extends string> = {
  readonly label: string;
  readonly all: readonly T[];
  readonly chosen: string | null;
  readonly text: (each: T) => string;
  /** `again`: the one that is chosen already was pressed. */
  readonly onChoose: (each: T, again: boolean) => void;
};

/** A few things of which one at most is chosen. */
export const Chips = <T extends string>({ label, all, chosen, text, onChoose }: ChipsProps<T>): VNode => (
  <div class="chips" role="group" aria-label={label}>
    {all.map((each) => (
      <button
        key={each}
        type="button"
        class="chip"
        aria-pressed={each === chosen}
        onClick={() => onChoose(each, each === chosen)}
      >
        {text(each)}
      </button>
    ))}
  </div>
);
