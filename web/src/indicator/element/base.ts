import { Element } from "../../element/base.ts";
import { format, type IndicatorView } from "../../hash.ts";
import type { Board } from "../board.ts";
import { type IndicatorWords, indicatorWords } from "../words.ts";

/** A part of the page of indicators. */
export abstract class IndicatorElement extends Element {
  protected get say(): IndicatorWords {
    return indicatorWords[this.language];
  }

  protected get board(): Board {
    const { board } = this.state;
    if (!board) throw new Error("the page of indicators is not open");
    return board;
  }

  protected get view(): IndicatorView {
    return this.state.address.indicators ?? { switches: {} };
  }

  /** The address of another view, as a link has it; undefined is the map. */
  protected href(view: IndicatorView | undefined): string {
    const { indicators: _, ...address } = this.state.address;
    return format(view ? { ...address, indicators: view } : address) || "#";
  }
}
