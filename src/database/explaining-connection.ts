import { describeConnectionError } from './describe-connection-error';

/** Does the work; an error of the connection becomes one line that says what is wrong and how to mend it. */
export async function explainingConnection<Result>(
  url: string,
  work: (url: string) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(url);
  } catch (error) {
    const explanation = describeConnectionError(error, url);
    throw explanation === null ? error : new Error(explanation, { cause: error });
  }
}
