/** Says that the source must be read as a whole: either that goes well, or it tells what is wrong. */
export class PiecesUnsound extends Error {
  override readonly name = "PiecesUnsound";
}
