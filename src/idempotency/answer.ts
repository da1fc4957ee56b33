/** What a request is answered with once its work is done. */
export interface Answer {
  status: number;
  /** Of the `Location` header. */
  location: string | null;
  body: object;
}
