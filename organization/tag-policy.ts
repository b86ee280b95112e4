/** The tagging standard as data. */
export interface TagStandard {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly allowedValues: Readonly<Record<string, readonly string[]>>;
}

interface TagRule {
  readonly tag_key: { readonly '@@assign': string };
  readonly tag_value?: { readonly '@@assign': readonly string[] };
  readonly report_required_tag_for?: { readonly '@@assign': readonly string[] };
}

/** Content of an Organizations tag policy. */
export interface TagPolicy {
  readonly tags: Readonly<Record<string, TagRule>>;
}

/** What Organizations accepts as one tag policy. */
const MAX_CHARACTERS = 10_000;

/**
 * The standard as a tag policy: the spelling of every key, the allowed values, and the keys whose absence is reported. It reports and does
 * not enforce: enforcement would stop tagging calls of everybody else in these accounts. Throws where it would be larger than AWS takes.
 */
export function tagPolicy(standard: TagStandard, reportRequiredFor: readonly string[]): TagPolicy {
  const rule = (key: string, required: boolean): TagRule => {
    const values = standard.allowedValues[key];
    return {
      tag_key: { '@@assign': key },
      ...(values ? { tag_value: { '@@assign': values } } : {}),
      ...(required && reportRequiredFor.length > 0 ? { report_required_tag_for: { '@@assign': reportRequiredFor } } : {}),
    };
  };
  const policy = {
    tags: Object.fromEntries([
      ...standard.required.map((key) => [key.toLowerCase(), rule(key, true)] as const),
      ...standard.optional.map((key) => [key.toLowerCase(), rule(key, false)] as const),
    ]),
  };
  const size = JSON.stringify(policy).length;
  if (size <= MAX_CHARACTERS) return policy;
  throw new Error(
    `tag policy has ${size} characters, Organizations takes ${MAX_CHARACTERS}: name fewer types in tagPolicy.reportRequiredFor`,
  );
}
