import type { ConfigTrouble } from '../../../../model/config-fault.ts';
import { counted } from '../plural.ts';

type AutoTrouble = Extract<
  ConfigTrouble,
  { readonly kind: 'auto-forbidden' | 'auto-unfit' | 'auto-twice' | 'auto-agreed' }
>;

/** Whether something is wrong with what the bot shall do by itself. */
export function isAutoTrouble(what: ConfigTrouble): what is AutoTrouble {
  return what.kind.startsWith('auto-');
}

/** What is wrong with a rule of automatic recovery, in English. */
export function autoTroubleEn(what: AutoTrouble): string {
  switch (what.kind) {
    case 'auto-forbidden':
      return `${what.action} never begins by itself, a person must want it; what may: ${what.automatic.join(', ')}`;
    case 'auto-unfit':
      return what.ofTheEnsemble
        ? `${what.detector} is a fault of the whole ensemble, so there is no server for ${what.action}; faults it may end by itself: ${what.fits.join(', ')}`
        : `${what.action} does not end ${what.detector}, so it does not begin by itself there; faults it may end: ${what.fits.join(', ')}`;
    case 'auto-twice':
      return `there is a rule for ${what.detector} already, in line ${what.firstLine}; keep one of them`;
    case 'auto-agreed':
      return `approvals asks for ${counted(what.needed, 'more person', 'more people')} for ${what.action}, and nobody agrees at night: set approvals to 0 for it, or remove this rule`;
  }
}

/** The same in Chinese. */
export function autoTroubleZhCn(what: AutoTrouble): string {
  switch (what.kind) {
    case 'auto-forbidden':
      return `${what.action} 绝不会自动执行，必须由人发起；可自动执行的有：${what.automatic.join('、')}`;
    case 'auto-unfit':
      return what.ofTheEnsemble
        ? `${what.detector} 是整个集群的故障，没有可供 ${what.action} 处理的节点；可自动处理的故障：${what.fits.join('、')}`
        : `${what.action} 无法解决 ${what.detector}，不会自动执行；可处理的故障：${what.fits.join('、')}`;
    case 'auto-twice':
      return `第 ${what.firstLine} 行已有 ${what.detector} 的规则，请只保留一条`;
    case 'auto-agreed':
      return `approvals 要求另有 ${what.needed} 人同意 ${what.action}，不能同时自动执行：请将其设为 0，或删去此规则`;
  }
}
