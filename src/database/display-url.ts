/** `database at host:port`, to say which server is meant. Never the password. */
export function displayUrl(url: string): string {
  const { hostname, port, pathname, searchParams } = new URL(url);
  const host = decodeURIComponent(hostname) || (searchParams.get('host') ?? 'localhost');
  return `${decodeURIComponent(pathname.slice(1)) || 'postgres'} at ${host}:${port || 5432}`;
}
