import { describe, expect, it } from 'vitest';
import { alarmTitle, isEvidence, oneLanguage, oneName, shortPlace } from './words';

describe('place', () => {
  it.each([
    ['1101采煤工作面甲烷T1&1101采煤工作面&采煤工作面T1', '1101采煤工作面甲烷T1'],
    ['主要通风机1号&主要巷道&', '主要通风机1号'],
    ['&1101采煤工作面&采煤工作面T1', '1101采煤工作面'],
    ['1100采空区密闭', '1100采空区密闭'],
  ])('%s', (sent, shown) => expect(shortPlace(sent)).toBe(shown));
  it('falls back to the working area, then to nothing', () => {
    expect(shortPlace('', '1102掘进工作面')).toBe('1102掘进工作面');
    expect(shortPlace(null)).toBe('');
  });
});

describe('text in two languages', () => {
  it.each([
    ['县级 15 分钟内未确认 / nobody acknowledged it', '县级 15 分钟内未确认', 'nobody acknowledged it'],
    ['风速 >4 / <0.25 超限 / wind speed off limits', '风速 >4 / <0.25 超限', 'wind speed off limits'],
    ['甲 / one\n乙 / two', '甲\n乙', 'one\ntwo'],
  ])('%s', (both, chinese, english) => {
    expect(oneLanguage(both, false)).toBe(chinese);
    expect(oneLanguage(both, true)).toBe(english);
  });
  it.each(['mean / max', '一矿 / 二矿', '峰值 1.5'])('leaves %s whole', (text) => {
    expect(oneLanguage(text, true)).toBe(text);
    expect(oneLanguage(text, false)).toBe(text);
  });
});

describe('evidence of the watch', () => {
  it.each([['峰值 1.4 %CH4，限值 >=1.0 / peak 1.4 %CH4, limit >=1.0', true], ['峰值偏高', false], ['mean / peak ', false]])('%s', (text, is) => expect(isEvidence(text)).toBe(is));
});

describe('title of an alarm', () => {
  const rules = (english: boolean) => [
    { zh: '甲烷', en: 'Methane' }, { zh: '甲烷超限', en: 'Methane over limit' }, { zh: '数据中断', en: 'No upload' },
  ].map((label) => ({ label, shown: english ? label.en : label.zh }));
  it.each([
    ['甲烷超限 1101工作面T1&1101采煤工作面&T1', '甲烷超限 1101工作面T1', 'Methane over limit 1101工作面T1'],
    ['BJ-20261122-00007 甲烷超限 T0&面&', 'BJ-20261122-00007 甲烷超限 T0', 'BJ-20261122-00007 Methane over limit T0'],
    ['甲烷超限', '甲烷超限', 'Methane over limit'],
    ['甲烷积聚隐患', '甲烷积聚隐患', '甲烷积聚隐患'],
    ['皮带&滚筒破损', '皮带&滚筒破损', '皮带&滚筒破损'],
  ])('%s', (sent, chinese, english) => {
    expect(alarmTitle(sent, rules(false))).toBe(chinese);
    expect(alarmTitle(sent, rules(true))).toBe(english);
  });
  it('names a system instead of its code', () => {
    expect(alarmTitle('数据中断 rydw', rules(true), (code) => (code === 'rydw' ? 'Positions' : code))).toBe('No upload Positions');
  });
});

describe('names in two languages', () => {
  it.each([
    ['矿长 (mine director)', '矿长', 'mine director'],
    ['班组/班组长 (shift team and team leader)', '班组/班组长', 'shift team and team leader'],
    ['煤矿（企业）', '煤矿（企业）', '煤矿（企业）'],
    ['XPCC (corps)', 'XPCC (corps)', 'XPCC (corps)'],
  ])('%s', (text, zh, en) => {
    expect(oneName(text, false)).toBe(zh);
    expect(oneName(text, true)).toBe(en);
  });
});
