// What stands around pictures of figures.

export default {
  zh: { asTable: "看数据表" },
  en: { asTable: "The figures as a table" },
};
