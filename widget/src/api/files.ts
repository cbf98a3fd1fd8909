// Files: pictures and charts of the server, and what the patient takes home.

/** The address of one of the server's own files, or null: nothing is loaded from elsewhere. */
export function ownFile(server: string, path: unknown): string | null {
  if (typeof path !== "string" || !path.startsWith("/")) return null;
  const address = new URL(path, server);
  return address.origin === new URL(server).origin ? address.href : null;
}

/** Fetches the patient's own chart. The token goes in a header, never in an address. */
export async function fetchChart(server: string, path: string, token: string | null): Promise<string> {
  const address = ownFile(server, path);
  if (!address || !token) throw new Error("no chart");
  const answer = await fetch(address, { headers: { Authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(String(answer.status));
  return URL.createObjectURL(await answer.blob());
}

/** Hands a text to the browser as a file. */
export function save(filename: string, content: string, type: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = filename.replace(/[^\w.-]+/g, "-") || "file";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
