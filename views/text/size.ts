/** A rectangle of cells. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}
