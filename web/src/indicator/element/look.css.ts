import { css } from "lit";
import { folds, tables } from "../../element/shared.css.ts";

/** What the parts of the page of indicators share: sections, tables, the status of a figure. */
export const look = css`
  ${folds}
  ${tables}
  h2 {
    margin: 0 0 10px;
    font-size: 1.125rem;
    letter-spacing: -0.01em;
    line-height: 1.3;
  }
  h3 {
    margin: 0 0 6px;
    font-size: 1rem;
    line-height: 1.35;
  }
  p {
    margin: 0 0 8px;
    line-height: 1.5;
  }
  .muted,
  .small {
    color: var(--muted);
  }
  .small {
    font-size: 0.8125rem;
    line-height: 1.45;
  }
  .value {
    margin: 0;
    line-height: 1.1;
    letter-spacing: -0.02em;
    font-variant-numeric: tabular-nums;
  }
  .value b {
    font-size: 2rem;
    font-weight: 700;
  }
  .value span {
    font-size: 1rem;
    font-weight: 600;
    letter-spacing: 0;
  }
  .status {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    margin: 0;
    font-size: 0.875rem;
    font-weight: 600;
    white-space: nowrap;
  }
  .status svg {
    flex: none;
    width: 16px;
    height: 16px;
  }
  .met {
    color: var(--met);
  }
  .near {
    color: var(--near);
  }
  .missed {
    color: var(--missed);
  }
  .message {
    margin: 0 0 12px;
    padding: 8px 12px;
    border-radius: 8px;
    border-left: 4px solid var(--accent);
    background: var(--hover);
    font-size: 0.9375rem;
    line-height: 1.45;
  }
  .message.fault {
    border-left-color: var(--warn);
    background: var(--warn-soft);
  }
  @media print {
    .screen {
      display: none !important;
    }
    .scroll {
      overflow: visible;
    }
    h2,
    h3,
    h2 + p,
    caption {
      break-after: avoid;
    }
    tr,
    .whole {
      break-inside: avoid;
    }
  }
`;

/** MapLibre's own rules, as page.css has them, for maps inside an element. */
export const mapInside = css`
  .map {
    position: absolute;
    inset: 0;
    overflow: hidden;
    -webkit-tap-highlight-color: transparent;
  }
  .maplibregl-canvas {
    position: absolute;
    left: 0;
    top: 0;
  }
  .maplibregl-canvas:focus-visible {
    outline: 3px solid var(--focus);
    outline-offset: -3px;
  }
  .maplibregl-canvas-container.maplibregl-interactive {
    cursor: default;
    user-select: none;
  }
  .maplibregl-canvas-container.maplibregl-touch-zoom-rotate.maplibregl-touch-drag-pan,
  .maplibregl-canvas-container.maplibregl-touch-zoom-rotate.maplibregl-touch-drag-pan .maplibregl-canvas {
    touch-action: none;
  }
  .maplibregl-canvas-container.maplibregl-cooperative-gestures,
  .maplibregl-canvas-container.maplibregl-cooperative-gestures .maplibregl-canvas {
    touch-action: pan-x pan-y !important;
  }
  .maplibregl-cooperative-gesture-screen {
    position: absolute;
    inset: 0;
    display: flex;
    align-items: center;
    justify-content: center;
    padding: 16px;
    background: rgb(29 43 43 / 65%);
    color: #ffffff;
    font-weight: 600;
    text-align: center;
    opacity: 0;
    pointer-events: none;
    transition: opacity 300ms ease 500ms;
  }
  .maplibregl-cooperative-gesture-screen.maplibregl-show {
    opacity: 1;
    transition-delay: 0ms;
  }
  .maplibregl-cooperative-gesture-screen .maplibregl-mobile-message {
    display: none;
  }
  @media (hover: none), (pointer: coarse) {
    .maplibregl-cooperative-gesture-screen .maplibregl-desktop-message {
      display: none;
    }
    .maplibregl-cooperative-gesture-screen .maplibregl-mobile-message {
      display: block;
    }
  }
  .maplibregl-control-container {
    display: none;
  }
  /* MapLibre looks for this colour to learn whether its style sheet is there. */
  .maplibregl-canary {
    background-color: salmon;
  }
  simtaru-controls {
    position: absolute;
    right: 12px;
    bottom: 12px;
  }
  @media print {
    simtaru-controls {
      display: none;
    }
  }
`;
