/** What source accounts share with the monitoring account; the sink admits exactly what the links offer. */
export const oamResourceTypes = ['AWS::CloudWatch::Metric', 'AWS::Logs::LogGroup', 'AWS::XRay::Trace'] as const;
