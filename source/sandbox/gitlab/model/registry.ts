import { hex, type Random } from './random.ts';

/** A tag of an image; times in milliseconds since the epoch. */
export interface ImageTag {
  readonly name: string;
  readonly digest: string;
  readonly size: number;
  readonly createdAt: number;
}

export interface ImageRepository {
  readonly id: number;
  /** Below the project: empty for the project's own. */
  readonly name: string;
  readonly createdAt: number;
  readonly tags: Map<string, ImageTag>;
}

/** The project's container registry: what pipelines push. */
export class Registry {
  readonly repositories: ImageRepository[] = [];
  private readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  push(name: string, tag: string, size: number, at: number): void {
    let repository = this.repositories.find((one) => one.name === name);
    if (!repository) {
      repository = { id: 6_120_440 + this.repositories.length * 17, name, createdAt: at, tags: new Map() };
      this.repositories.push(repository);
    }
    const digest = `sha256:${hex(this.random, 64)}`;
    repository.tags.set(tag, { name: tag, digest, size, createdAt: at });
  }
}
