import { tagStandard } from '../../contracts/tags';
import { tagPolicy } from '../../organization/tag-policy';

describe('the tag policy', () => {
  test('has every key of the standard in its spelling, required and optional', () => {
    const spelled = Object.values(tagPolicy(tagStandard, []).tags).map((rule) => rule.tag_key['@@assign']);

    expect(spelled).toEqual([...tagStandard.required, ...tagStandard.optional]);
  });

  test('names the values where the standard allows only some', () => {
    const { tags } = tagPolicy(tagStandard, []);

    expect(tags.environment?.tag_value).toEqual({ '@@assign': ['dev', 'staging', 'prod'] });
    expect(tags.team).toEqual({ tag_key: { '@@assign': 'Team' } });
  });

  test('reports absence of required keys only, for the types asked for', () => {
    const { tags } = tagPolicy(tagStandard, ['sqs:ALL_SUPPORTED']);

    expect(tags.costcenter?.report_required_tag_for).toEqual({ '@@assign': ['sqs:ALL_SUPPORTED'] });
    expect(tags.compliance).not.toHaveProperty('report_required_tag_for');
  });

  test('enforces nothing: other teams’ tagging calls go on working', () => {
    expect(JSON.stringify(tagPolicy(tagStandard, ['sqs:ALL_SUPPORTED']))).not.toContain('enforced_for');
  });

  test('is refused when Organizations would not take it', () => {
    const types = Array.from({ length: 200 }, (_, index) => `service-${index}:ALL_SUPPORTED`);

    expect(() => tagPolicy(tagStandard, types)).toThrow(/Organizations takes 10000/);
  });
});
