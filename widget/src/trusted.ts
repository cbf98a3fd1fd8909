// The one Trusted Types policy, "backcoach". It is for this bundle's own templates and for
// DOMPurify's parser; it is never handed to the page.

interface Policy {
  createHTML(text: string): TrustedHTML;
}

export const policy: TrustedTypePolicy | undefined = (
  globalThis as { trustedTypes?: { createPolicy(name: string, rules: object): Policy } }
).trustedTypes?.createPolicy("backcoach", {
  createHTML: (text: string) => text,
  createScriptURL: () => {
    throw new TypeError("No script is loaded.");
  },
}) as TrustedTypePolicy | undefined;
