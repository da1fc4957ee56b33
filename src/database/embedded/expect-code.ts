/** For `.catch`: an error with this code is expected and becomes null; any other is thrown on. */
export const expectCode =
  (code: string) =>
  (error: unknown): null => {
    if ((error as NodeJS.ErrnoException).code === code) return null;
    throw error;
  };
