import type { JobEdit } from '../ci/edit/model.ts';
import type { Place } from '../ci/model.ts';
import type { ScriptPlan } from './scriptEdits.ts';

export type LayerOption = 'buildkit' | 'kaniko' | 'buildkit-rootless' | 'buildah';

/** Those that need no Docker daemon. */
export type Daemonless = Exclude<LayerOption, 'buildkit'>;

export const layerOptions: readonly LayerOption[] = ['buildkit', 'kaniko', 'buildkit-rootless', 'buildah'];

/** What builds the images, pinned to a version. */
export interface BuilderImages {
  readonly buildkit: string;
  readonly rootless: string;
  readonly kaniko: string;
  readonly buildah: string;
}

/**
 * The commands that are written are tried with builders of these versions, made from their sources; whether a registry has an
 * image of that tag is asked when a change is planned.
 */
export const builderImages: BuilderImages = {
  buildkit: 'moby/buildkit:v0.23.2',
  rootless: 'moby/buildkit:v0.23.2-rootless',
  kaniko: 'gcr.io/kaniko-project/executor:v1.23.2-debug',
  buildah: 'quay.io/buildah/stable:v1.39.3',
};

export interface LayerSettings {
  readonly images: BuilderImages;
  /** Of Kaniko and Buildah: how old a layer may be, as Go writes durations: `168h`. */
  readonly ttl: string;
}

/** Why a job cannot be changed so, and what a person would have to write. */
export interface LayerRefusal {
  readonly job: string;
  readonly because: string;
  readonly at?: Place;
  readonly paste: readonly string[];
}

/** What a job is to become. */
export interface LayerChange {
  readonly script: ScriptPlan;
  readonly keywords: readonly JobEdit[];
  /** What differs from the plan's own form, or from what one would expect, and why. */
  readonly notes: readonly string[];
}

export type Rewritten = LayerChange | LayerRefusal;
