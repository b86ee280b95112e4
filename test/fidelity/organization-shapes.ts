import { organizationConfig } from '../organization/render-organization';

/** One way that an organisation can be prepared. */
export interface OrganizationShape {
  readonly name: string;
  readonly changes?: Readonly<Record<string, unknown>>;
}

const { cost, control, state, accounts, organization } = organizationConfig();
const account = (index: number) => String(300_000_000_000 + index);
const twenty = <Made>(make: (index: number) => Made) => Array.from({ length: 20 }, (_, index) => make(index));
/** What is held against AWS's models. */
export const organizationShapes: readonly OrganizationShape[] = [
  { name: 'ordinary' },
  {
    name: 'minima',
    changes: {
      fleet: 'f',
      regions: ['eu-west-1'],
      control: { ...control, operators: [] },
      cost: { ...cost, budgets: { perAccountUsd: 1, accounts: [] }, anomalies: { thresholdUsd: 0.01 }, emails: [] },
    },
  },
  {
    name: 'maxima',
    changes: {
      fleet: 'twenty-letters-fleet',
      regions: ['eu-west-1', 'us-east-1', 'ap-southeast-2', 'ap-northeast-3', 'me-central-1', 'il-central-1', 'ca-central-1', 'sa-east-1'],
      tags: { Application: 'a'.repeat(256), Team: 't'.repeat(256), CostCenter: 'c'.repeat(256), Environment: 'prod' },
      state: { bucket: `acme-state-${accounts.shared}-eu-west-1-an`, keyAlias: `alias/${'k'.repeat(250)}`, oldVersionsDays: 3650 },
      cost: {
        ...cost,
        budgets: { perAccountUsd: 1_000_000_000, accounts: Array.from({ length: 200 }, (_, index) => account(index)) },
        anomalies: { thresholdUsd: 1_000_000_000, costCenters: twenty((index) => `cc ${index} ${'ü'.repeat(200)}`) },
        emails: Array.from({ length: 10 }, (_, index) => `${'e'.repeat(50)}${index}@example.com`),
        activateTags: true,
      },
      tagPolicy: { reportRequiredFor: ['sqs:ALL_SUPPORTED', 'dynamodb:table', 'lambda:function'] },
    },
  },
  { name: 'units', changes: { organization: { ...organization, units: twenty((index) => `ou-ab12-${String(10_000_000 + index)}`) } } },
  {
    name: 'control roles below paths, those of persons too',
    changes: {
      control: {
        ...control,
        roles: [`${'p'.repeat(60)}/*`, 'aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_FleetAdministrators_*'],
        operators: ['aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_FleetOperators_*'],
      },
    },
  },
  {
    name: 'many control roles',
    changes: { control: { ...control, roles: twenty((index) => `c/${index}`), operators: twenty((index) => `o/${index}`) } },
  },
  {
    name: 'a monitor that exists, another home',
    changes: {
      homeRegion: 'eu-south-1',
      regions: ['eu-south-1'],
      state: { ...state, oldVersionsDays: 30 },
      cost: {
        ...cost,
        anomalies: {
          thresholdUsd: 5,
          accountMonitorArn: `arn:aws:ce::${accounts.management}:anomalymonitor/0a1b2c3d-0000-4000-8000-000000000000`,
        },
      },
    },
  },
];

/** More than a trust policy has room for: the configuration must say so. */
export const forty: OrganizationShape = {
  name: 'forty control roles with long names',
  changes: {
    control: {
      ...control,
      roles: twenty((index) => `control/${index}-${'r'.repeat(60)}`),
      operators: twenty((index) => `operators/${index}-${'o'.repeat(60)}`),
    },
  },
};
