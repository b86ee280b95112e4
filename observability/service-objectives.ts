export * from '../contracts/service-objectives';
