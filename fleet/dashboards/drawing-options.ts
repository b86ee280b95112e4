import type { LinkPlaces } from './dashboard-links';

/** What widgets are drawn with. */
export interface DrawingOptions {
  readonly places: LinkPlaces;
  readonly asOf: Date;
}
