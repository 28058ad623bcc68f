<qgis version="3.22.16-Białowieża" styleCategories="AllStyleCategories" hasScaleBasedVisibilityFlag="1" minScale="640000" maxScale="0" labelsEnabled="1" readOnly="0" simplifyDrawingHints="1" simplifyAlgorithm="0" simplifyDrawingTol="1" simplifyLocal="1" simplifyMaxScale="1" symbologyReferenceScale="-1">
 <flags>
  <Identifiable>1</Identifiable>
  <Removable>1</Removable>
  <Searchable>1</Searchable>
  <Private>0</Private>
 </flags>
 <renderer-v2 type="categorizedSymbol" symbollevels="0" enableorderby="0" forceraster="0" referencescale="-1" attr="kind">
  <categories>
   <category symbol="0" value="TES" label="Tempat Evakuasi Sementara (TES)" render="true"></category>
   <category symbol="1" value="TEA" label="Tempat Evakuasi Akhir (TEA)" render="true"></category>
  </categories>
  <symbols>
   <symbol type="marker" name="0" alpha="1" clip_to_extent="1" force_rhr="0">
    <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="name" value="circle"></Option>
      <Option type="QString" name="color" value="245,162,122,255"></Option>
      <Option type="QString" name="size" value="4.2333"></Option>
      <Option type="QString" name="size_unit" value="MM"></Option>
      <Option type="QString" name="scale_method" value="diameter"></Option>
      <Option type="QString" name="outline_color" value="255,85,0,255"></Option>
      <Option type="QString" name="outline_style" value="solid"></Option>
      <Option type="QString" name="outline_width" value="0.5292"></Option>
      <Option type="QString" name="outline_width_unit" value="MM"></Option>
     </Option>
    </layer>
   </symbol>
   <symbol type="marker" name="1" alpha="1" clip_to_extent="1" force_rhr="0">
    <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="name" value="circle"></Option>
      <Option type="QString" name="color" value="137,68,101,255"></Option>
      <Option type="QString" name="size" value="4.2333"></Option>
      <Option type="QString" name="size_unit" value="MM"></Option>
      <Option type="QString" name="scale_method" value="diameter"></Option>
      <Option type="QString" name="outline_color" value="255,255,255,255"></Option>
      <Option type="QString" name="outline_style" value="solid"></Option>
      <Option type="QString" name="outline_width" value="0.5292"></Option>
      <Option type="QString" name="outline_width_unit" value="MM"></Option>
     </Option>
    </layer>
   </symbol>
  </symbols>
  <rotation></rotation>
  <sizescale></sizescale>
 </renderer-v2>
 <labeling type="simple">
  <settings>
   <text-style fieldName="name" isExpression="0" fontSize="9" fontSizeUnit="Point" fontWeight="50" textColor="43,43,43,255" textOpacity="1" multilineHeight="1">
    <text-buffer bufferDraw="1" bufferSize="0.3704" bufferSizeUnits="MM" bufferColor="255,255,255,255" bufferOpacity="1" bufferNoFill="1" bufferJoinStyle="128"></text-buffer>
   </text-style>
   <text-format></text-format>
   <placement placement="6" predefinedPositionOrder="B,T,R,L" dist="2.8046" distUnits="MM" offsetType="0" priority="5"></placement>
   <rendering drawLabels="1" scaleVisibility="1" scaleMin="0" scaleMax="40000" mergeLines="0" obstacle="1" fontMinPixelSize="3" fontMaxPixelSize="10000"></rendering>
  </settings>
 </labeling>
 <blendMode>0</blendMode>
 <featureBlendMode>0</featureBlendMode>
 <layerOpacity>1</layerOpacity>
 <geometryOptions removeDuplicateNodes="0" geometryPrecision="0"></geometryOptions>
 <legend type="default-vector" showLabelLegend="0"></legend>
 <fieldConfiguration>
  <field name="id" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"></Option>
      <Option type="bool" name="UseHtml" value="false"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="name" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"></Option>
      <Option type="bool" name="UseHtml" value="false"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="kind" configurationFlags="None">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="Tempat Evakuasi Sementara (TES)" value="TES"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Tempat Evakuasi Akhir (TEA)" value="TEA"></Option>
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="status" configurationFlags="None">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="Siap" value="ready"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Dibuka" value="open"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Penuh" value="full"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Ditutup" value="closed"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Rusak, jangan dipakai" value="damaged"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Direncanakan" value="planned"></Option>
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="address" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"></Option>
      <Option type="bool" name="UseHtml" value="false"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="sector" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"></Option>
      <Option type="bool" name="UseHtml" value="false"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="usable_area" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"></Option>
      <Option type="bool" name="UseHtml" value="false"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="area_per_person" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"></Option>
      <Option type="bool" name="UseHtml" value="false"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="capacity" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"></Option>
      <Option type="bool" name="UseHtml" value="false"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="occupancy" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"></Option>
      <Option type="bool" name="UseHtml" value="false"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="refuge_height" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"></Option>
      <Option type="bool" name="UseHtml" value="false"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="refuge_floor" configurationFlags="None">
   <editWidget type="Range">
    <config>
     <Option type="Map">
      <Option type="bool" name="AllowNull" value="true"></Option>
      <Option type="int" name="Min" value="0"></Option>
      <Option type="int" name="Max" value="100"></Option>
      <Option type="int" name="Precision" value="0"></Option>
      <Option type="int" name="Step" value="1"></Option>
      <Option type="QString" name="Style" value="SpinBox"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="floors" configurationFlags="None">
   <editWidget type="Range">
    <config>
     <Option type="Map">
      <Option type="bool" name="AllowNull" value="true"></Option>
      <Option type="int" name="Min" value="0"></Option>
      <Option type="int" name="Max" value="200"></Option>
      <Option type="int" name="Precision" value="0"></Option>
      <Option type="int" name="Step" value="1"></Option>
      <Option type="QString" name="Style" value="SpinBox"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="entrances" configurationFlags="None">
   <editWidget type="Range">
    <config>
     <Option type="Map">
      <Option type="bool" name="AllowNull" value="true"></Option>
      <Option type="int" name="Min" value="0"></Option>
      <Option type="int" name="Max" value="100"></Option>
      <Option type="int" name="Precision" value="0"></Option>
      <Option type="int" name="Step" value="1"></Option>
      <Option type="QString" name="Style" value="SpinBox"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="entrance_width" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"></Option>
      <Option type="bool" name="UseHtml" value="false"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="ramp" configurationFlags="None">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="(belum diisi)" value="{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Ya" value="true"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Tidak" value="false"></Option>
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="accepts_wheelchair" configurationFlags="None">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="(belum diisi)" value="{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Ya" value="true"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Tidak" value="false"></Option>
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="accepts_assisted" configurationFlags="None">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="(belum diisi)" value="{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Ya" value="true"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Tidak" value="false"></Option>
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="accepts_vehicle" configurationFlags="None">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="(belum diisi)" value="{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Ya" value="true"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Tidak" value="false"></Option>
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="for_tsunami" configurationFlags="None">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="(belum diisi)" value="{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Ya" value="true"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Tidak" value="false"></Option>
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="for_flood" configurationFlags="None">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="(belum diisi)" value="{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Ya" value="true"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Tidak" value="false"></Option>
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="for_earthquake" configurationFlags="None">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="(belum diisi)" value="{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Ya" value="true"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Tidak" value="false"></Option>
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="open_always" configurationFlags="None">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="(belum diisi)" value="{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Ya" value="true"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Tidak" value="false"></Option>
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="key_holder" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"></Option>
      <Option type="bool" name="UseHtml" value="false"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="contact" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"></Option>
      <Option type="bool" name="UseHtml" value="false"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="water" configurationFlags="None">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="(belum diisi)" value="{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Ya" value="true"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Tidak" value="false"></Option>
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="power" configurationFlags="None">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="(belum diisi)" value="{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Ya" value="true"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Tidak" value="false"></Option>
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="toilets" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"></Option>
      <Option type="bool" name="UseHtml" value="false"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="owner" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"></Option>
      <Option type="bool" name="UseHtml" value="false"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="decree" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"></Option>
      <Option type="bool" name="UseHtml" value="false"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="built_year" configurationFlags="None">
   <editWidget type="Range">
    <config>
     <Option type="Map">
      <Option type="bool" name="AllowNull" value="true"></Option>
      <Option type="int" name="Min" value="1800"></Option>
      <Option type="int" name="Max" value="2200"></Option>
      <Option type="int" name="Precision" value="0"></Option>
      <Option type="int" name="Step" value="1"></Option>
      <Option type="QString" name="Style" value="SpinBox"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="last_checked_on" configurationFlags="None">
   <editWidget type="DateTime">
    <config>
     <Option type="Map">
      <Option type="bool" name="allow_null" value="true"></Option>
      <Option type="bool" name="calendar_popup" value="true"></Option>
      <Option type="QString" name="display_format" value="dd-MM-yyyy"></Option>
      <Option type="QString" name="field_format" value="yyyy-MM-dd"></Option>
      <Option type="bool" name="field_format_overwrite" value="false"></Option>
      <Option type="bool" name="field_iso_format" value="false"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="remark" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="true"></Option>
      <Option type="bool" name="UseHtml" value="false"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="revision" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"></Option>
      <Option type="bool" name="UseHtml" value="false"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="updated_at" configurationFlags="None">
   <editWidget type="DateTime">
    <config>
     <Option type="Map">
      <Option type="bool" name="allow_null" value="true"></Option>
      <Option type="bool" name="calendar_popup" value="true"></Option>
      <Option type="QString" name="display_format" value="dd-MM-yyyy HH:mm:ss"></Option>
      <Option type="QString" name="field_format" value="yyyy-MM-dd HH:mm:ss"></Option>
      <Option type="bool" name="field_format_overwrite" value="false"></Option>
      <Option type="bool" name="field_iso_format" value="false"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="updated_by" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"></Option>
      <Option type="bool" name="UseHtml" value="false"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="read_revision" configurationFlags="None">
   <editWidget type="Hidden">
    <config>
     <Option type="Map"></Option>
    </config>
   </editWidget>
  </field>
 </fieldConfiguration>
 <aliases>
  <alias field="id" index="0" name="Nomor fitur"></alias>
  <alias field="name" index="1" name="Nama"></alias>
  <alias field="kind" index="2" name="Jenis"></alias>
  <alias field="status" index="3" name="Status"></alias>
  <alias field="address" index="4" name="Alamat"></alias>
  <alias field="sector" index="5" name="Sektor"></alias>
  <alias field="usable_area" index="6" name="Luas terpakai (m²)"></alias>
  <alias field="area_per_person" index="7" name="Luas per orang (m²/orang)"></alias>
  <alias field="capacity" index="8" name="Daya tampung (orang)"></alias>
  <alias field="occupancy" index="9" name="Terisi (orang)"></alias>
  <alias field="refuge_height" index="10" name="Tinggi lantai pengungsian (m)"></alias>
  <alias field="refuge_floor" index="11" name="Lantai pengungsian"></alias>
  <alias field="floors" index="12" name="Jumlah lantai (lantai)"></alias>
  <alias field="entrances" index="13" name="Jumlah pintu masuk (pintu masuk)"></alias>
  <alias field="entrance_width" index="14" name="Lebar pintu masuk seluruhnya (m)"></alias>
  <alias field="ramp" index="15" name="Ada ramp"></alias>
  <alias field="accepts_wheelchair" index="16" name="Menerima kursi roda"></alias>
  <alias field="accepts_assisted" index="17" name="Menerima yang perlu bantuan"></alias>
  <alias field="accepts_vehicle" index="18" name="Menerima kendaraan"></alias>
  <alias field="for_tsunami" index="19" name="Untuk tsunami"></alias>
  <alias field="for_flood" index="20" name="Untuk banjir"></alias>
  <alias field="for_earthquake" index="21" name="Untuk gempa bumi"></alias>
  <alias field="open_always" index="22" name="Terbuka 24 jam"></alias>
  <alias field="key_holder" index="23" name="Lembaga pemegang kunci"></alias>
  <alias field="contact" index="24" name="Telepon kantor"></alias>
  <alias field="water" index="25" name="Ada air bersih"></alias>
  <alias field="power" index="26" name="Ada listrik cadangan"></alias>
  <alias field="toilets" index="27" name="Jumlah toilet (toilet)"></alias>
  <alias field="owner" index="28" name="Pemilik"></alias>
  <alias field="decree" index="29" name="Nomor SK penetapan"></alias>
  <alias field="built_year" index="30" name="Tahun dibangun"></alias>
  <alias field="last_checked_on" index="31" name="Terakhir diperiksa"></alias>
  <alias field="remark" index="32" name="Catatan"></alias>
  <alias field="revision" index="33" name="Versi"></alias>
  <alias field="updated_at" index="34" name="Diubah pada"></alias>
  <alias field="updated_by" index="35" name="Diubah oleh"></alias>
  <alias field="read_revision" index="36" name="Versi yang dibaca"></alias>
 </aliases>
 <defaults>
  <default field="id" expression="" applyOnUpdate="0"></default>
  <default field="name" expression="" applyOnUpdate="0"></default>
  <default field="kind" expression="" applyOnUpdate="0"></default>
  <default field="status" expression="" applyOnUpdate="0"></default>
  <default field="address" expression="" applyOnUpdate="0"></default>
  <default field="sector" expression="" applyOnUpdate="0"></default>
  <default field="usable_area" expression="" applyOnUpdate="0"></default>
  <default field="area_per_person" expression="" applyOnUpdate="0"></default>
  <default field="capacity" expression="" applyOnUpdate="0"></default>
  <default field="occupancy" expression="" applyOnUpdate="0"></default>
  <default field="refuge_height" expression="" applyOnUpdate="0"></default>
  <default field="refuge_floor" expression="" applyOnUpdate="0"></default>
  <default field="floors" expression="" applyOnUpdate="0"></default>
  <default field="entrances" expression="" applyOnUpdate="0"></default>
  <default field="entrance_width" expression="" applyOnUpdate="0"></default>
  <default field="ramp" expression="" applyOnUpdate="0"></default>
  <default field="accepts_wheelchair" expression="" applyOnUpdate="0"></default>
  <default field="accepts_assisted" expression="" applyOnUpdate="0"></default>
  <default field="accepts_vehicle" expression="" applyOnUpdate="0"></default>
  <default field="for_tsunami" expression="" applyOnUpdate="0"></default>
  <default field="for_flood" expression="" applyOnUpdate="0"></default>
  <default field="for_earthquake" expression="" applyOnUpdate="0"></default>
  <default field="open_always" expression="" applyOnUpdate="0"></default>
  <default field="key_holder" expression="" applyOnUpdate="0"></default>
  <default field="contact" expression="" applyOnUpdate="0"></default>
  <default field="water" expression="" applyOnUpdate="0"></default>
  <default field="power" expression="" applyOnUpdate="0"></default>
  <default field="toilets" expression="" applyOnUpdate="0"></default>
  <default field="owner" expression="" applyOnUpdate="0"></default>
  <default field="decree" expression="" applyOnUpdate="0"></default>
  <default field="built_year" expression="" applyOnUpdate="0"></default>
  <default field="last_checked_on" expression="" applyOnUpdate="0"></default>
  <default field="remark" expression="" applyOnUpdate="0"></default>
  <default field="revision" expression="0" applyOnUpdate="0"></default>
  <default field="updated_at" expression="now()" applyOnUpdate="0"></default>
  <default field="updated_by" expression="&#39;(diisi saat disimpan)&#39;" applyOnUpdate="0"></default>
  <default field="read_revision" expression="&#34;revision&#34;" applyOnUpdate="1"></default>
 </defaults>
 <constraints>
  <constraint field="id" constraints="0" notnull_strength="0" unique_strength="0" exp_strength="0"></constraint>
  <constraint field="name" constraints="5" notnull_strength="1" unique_strength="0" exp_strength="1"></constraint>
  <constraint field="kind" constraints="1" notnull_strength="1" unique_strength="0" exp_strength="0"></constraint>
  <constraint field="status" constraints="1" notnull_strength="1" unique_strength="0" exp_strength="0"></constraint>
  <constraint field="address" constraints="4" notnull_strength="0" unique_strength="0" exp_strength="1"></constraint>
  <constraint field="sector" constraints="4" notnull_strength="0" unique_strength="0" exp_strength="1"></constraint>
  <constraint field="usable_area" constraints="4" notnull_strength="0" unique_strength="0" exp_strength="1"></constraint>
  <constraint field="area_per_person" constraints="4" notnull_strength="0" unique_strength="0" exp_strength="1"></constraint>
  <constraint field="capacity" constraints="5" notnull_strength="1" unique_strength="0" exp_strength="1"></constraint>
  <constraint field="occupancy" constraints="4" notnull_strength="0" unique_strength="0" exp_strength="1"></constraint>
  <constraint field="refuge_height" constraints="4" notnull_strength="0" unique_strength="0" exp_strength="1"></constraint>
  <constraint field="refuge_floor" constraints="4" notnull_strength="0" unique_strength="0" exp_strength="1"></constraint>
  <constraint field="floors" constraints="4" notnull_strength="0" unique_strength="0" exp_strength="1"></constraint>
  <constraint field="entrances" constraints="4" notnull_strength="0" unique_strength="0" exp_strength="1"></constraint>
  <constraint field="entrance_width" constraints="4" notnull_strength="0" unique_strength="0" exp_strength="1"></constraint>
  <constraint field="ramp" constraints="0" notnull_strength="0" unique_strength="0" exp_strength="0"></constraint>
  <constraint field="accepts_wheelchair" constraints="0" notnull_strength="0" unique_strength="0" exp_strength="0"></constraint>
  <constraint field="accepts_assisted" constraints="0" notnull_strength="0" unique_strength="0" exp_strength="0"></constraint>
  <constraint field="accepts_vehicle" constraints="0" notnull_strength="0" unique_strength="0" exp_strength="0"></constraint>
  <constraint field="for_tsunami" constraints="0" notnull_strength="0" unique_strength="0" exp_strength="0"></constraint>
  <constraint field="for_flood" constraints="0" notnull_strength="0" unique_strength="0" exp_strength="0"></constraint>
  <constraint field="for_earthquake" constraints="0" notnull_strength="0" unique_strength="0" exp_strength="0"></constraint>
  <constraint field="open_always" constraints="0" notnull_strength="0" unique_strength="0" exp_strength="0"></constraint>
  <constraint field="key_holder" constraints="4" notnull_strength="0" unique_strength="0" exp_strength="1"></constraint>
  <constraint field="contact" constraints="4" notnull_strength="0" unique_strength="0" exp_strength="1"></constraint>
  <constraint field="water" constraints="0" notnull_strength="0" unique_strength="0" exp_strength="0"></constraint>
  <constraint field="power" constraints="0" notnull_strength="0" unique_strength="0" exp_strength="0"></constraint>
  <constraint field="toilets" constraints="4" notnull_strength="0" unique_strength="0" exp_strength="1"></constraint>
  <constraint field="owner" constraints="4" notnull_strength="0" unique_strength="0" exp_strength="1"></constraint>
  <constraint field="decree" constraints="4" notnull_strength="0" unique_strength="0" exp_strength="1"></constraint>
  <constraint field="built_year" constraints="4" notnull_strength="0" unique_strength="0" exp_strength="1"></constraint>
  <constraint field="last_checked_on" constraints="0" notnull_strength="0" unique_strength="0" exp_strength="0"></constraint>
  <constraint field="remark" constraints="4" notnull_strength="0" unique_strength="0" exp_strength="1"></constraint>
  <constraint field="revision" constraints="0" notnull_strength="0" unique_strength="0" exp_strength="0"></constraint>
  <constraint field="updated_at" constraints="0" notnull_strength="0" unique_strength="0" exp_strength="0"></constraint>
  <constraint field="updated_by" constraints="0" notnull_strength="0" unique_strength="0" exp_strength="0"></constraint>
  <constraint field="read_revision" constraints="0" notnull_strength="0" unique_strength="0" exp_strength="0"></constraint>
 </constraints>
 <constraintExpressions>
  <constraint field="id" exp="" desc=""></constraint>
  <constraint field="name" exp="&#34;name&#34; is null or (length(&#34;name&#34;) &lt;= 120)" desc="Paling banyak 120 huruf."></constraint>
  <constraint field="kind" exp="" desc=""></constraint>
  <constraint field="status" exp="" desc=""></constraint>
  <constraint field="address" exp="&#34;address&#34; is null or (length(&#34;address&#34;) &lt;= 250)" desc="Paling banyak 250 huruf."></constraint>
  <constraint field="sector" exp="&#34;sector&#34; is null or (length(&#34;sector&#34;) &lt;= 20)" desc="Paling banyak 20 huruf."></constraint>
  <constraint field="usable_area" exp="&#34;usable_area&#34; is null or (&#34;usable_area&#34; &gt;= 0)" desc="Paling sedikit 0."></constraint>
  <constraint field="area_per_person" exp="&#34;area_per_person&#34; is null or (&#34;area_per_person&#34; &gt;= 0.1 and &#34;area_per_person&#34; &lt;= 50)" desc="Harus 0.1 sampai 50."></constraint>
  <constraint field="capacity" exp="&#34;capacity&#34; is null or (&#34;capacity&#34; &gt;= 0)" desc="Paling sedikit 0."></constraint>
  <constraint field="occupancy" exp="&#34;occupancy&#34; is null or (&#34;occupancy&#34; &gt;= 0)" desc="Paling sedikit 0."></constraint>
  <constraint field="refuge_height" exp="&#34;refuge_height&#34; is null or (&#34;refuge_height&#34; &gt;= 0 and &#34;refuge_height&#34; &lt;= 500)" desc="Harus 0 sampai 500."></constraint>
  <constraint field="refuge_floor" exp="&#34;refuge_floor&#34; is null or (&#34;refuge_floor&#34; &gt;= 0 and &#34;refuge_floor&#34; &lt;= 100)" desc="Harus 0 sampai 100."></constraint>
  <constraint field="floors" exp="&#34;floors&#34; is null or (&#34;floors&#34; &gt;= 0 and &#34;floors&#34; &lt;= 200)" desc="Harus 0 sampai 200."></constraint>
  <constraint field="entrances" exp="&#34;entrances&#34; is null or (&#34;entrances&#34; &gt;= 0 and &#34;entrances&#34; &lt;= 100)" desc="Harus 0 sampai 100."></constraint>
  <constraint field="entrance_width" exp="&#34;entrance_width&#34; is null or (&#34;entrance_width&#34; &gt;= 0 and &#34;entrance_width&#34; &lt;= 100)" desc="Harus 0 sampai 100."></constraint>
  <constraint field="ramp" exp="" desc=""></constraint>
  <constraint field="accepts_wheelchair" exp="" desc=""></constraint>
  <constraint field="accepts_assisted" exp="" desc=""></constraint>
  <constraint field="accepts_vehicle" exp="" desc=""></constraint>
  <constraint field="for_tsunami" exp="" desc=""></constraint>
  <constraint field="for_flood" exp="" desc=""></constraint>
  <constraint field="for_earthquake" exp="" desc=""></constraint>
  <constraint field="open_always" exp="" desc=""></constraint>
  <constraint field="key_holder" exp="&#34;key_holder&#34; is null or (length(&#34;key_holder&#34;) &lt;= 120)" desc="Paling banyak 120 huruf."></constraint>
  <constraint field="contact" exp="&#34;contact&#34; is null or (length(&#34;contact&#34;) &lt;= 80)" desc="Paling banyak 80 huruf."></constraint>
  <constraint field="water" exp="" desc=""></constraint>
  <constraint field="power" exp="" desc=""></constraint>
  <constraint field="toilets" exp="&#34;toilets&#34; is null or (&#34;toilets&#34; &gt;= 0)" desc="Paling sedikit 0."></constraint>
  <constraint field="owner" exp="&#34;owner&#34; is null or (length(&#34;owner&#34;) &lt;= 120)" desc="Paling banyak 120 huruf."></constraint>
  <constraint field="decree" exp="&#34;decree&#34; is null or (length(&#34;decree&#34;) &lt;= 120)" desc="Paling banyak 120 huruf."></constraint>
  <constraint field="built_year" exp="&#34;built_year&#34; is null or (&#34;built_year&#34; &gt;= 1800 and &#34;built_year&#34; &lt;= 2200)" desc="Harus 1800 sampai 2200."></constraint>
  <constraint field="last_checked_on" exp="" desc=""></constraint>
  <constraint field="remark" exp="&#34;remark&#34; is null or (length(&#34;remark&#34;) &lt;= 2000)" desc="Paling banyak 2000 huruf."></constraint>
  <constraint field="revision" exp="" desc=""></constraint>
  <constraint field="updated_at" exp="" desc=""></constraint>
  <constraint field="updated_by" exp="" desc=""></constraint>
  <constraint field="read_revision" exp="" desc=""></constraint>
 </constraintExpressions>
 <attributetableconfig actionWidgetStyle="dropDown" sortOrder="0" sortExpression="">
  <columns>
   <column type="field" name="id" width="-1" hidden="0"></column>
   <column type="field" name="name" width="-1" hidden="0"></column>
   <column type="field" name="kind" width="-1" hidden="0"></column>
   <column type="field" name="status" width="-1" hidden="0"></column>
   <column type="field" name="address" width="-1" hidden="0"></column>
   <column type="field" name="sector" width="-1" hidden="0"></column>
   <column type="field" name="usable_area" width="-1" hidden="0"></column>
   <column type="field" name="area_per_person" width="-1" hidden="0"></column>
   <column type="field" name="capacity" width="-1" hidden="0"></column>
   <column type="field" name="occupancy" width="-1" hidden="0"></column>
   <column type="field" name="refuge_height" width="-1" hidden="0"></column>
   <column type="field" name="refuge_floor" width="-1" hidden="0"></column>
   <column type="field" name="floors" width="-1" hidden="0"></column>
   <column type="field" name="entrances" width="-1" hidden="0"></column>
   <column type="field" name="entrance_width" width="-1" hidden="0"></column>
   <column type="field" name="ramp" width="-1" hidden="0"></column>
   <column type="field" name="accepts_wheelchair" width="-1" hidden="0"></column>
   <column type="field" name="accepts_assisted" width="-1" hidden="0"></column>
   <column type="field" name="accepts_vehicle" width="-1" hidden="0"></column>
   <column type="field" name="for_tsunami" width="-1" hidden="0"></column>
   <column type="field" name="for_flood" width="-1" hidden="0"></column>
   <column type="field" name="for_earthquake" width="-1" hidden="0"></column>
   <column type="field" name="open_always" width="-1" hidden="0"></column>
   <column type="field" name="key_holder" width="-1" hidden="0"></column>
   <column type="field" name="contact" width="-1" hidden="0"></column>
   <column type="field" name="water" width="-1" hidden="0"></column>
   <column type="field" name="power" width="-1" hidden="0"></column>
   <column type="field" name="toilets" width="-1" hidden="0"></column>
   <column type="field" name="owner" width="-1" hidden="0"></column>
   <column type="field" name="decree" width="-1" hidden="0"></column>
   <column type="field" name="built_year" width="-1" hidden="0"></column>
   <column type="field" name="last_checked_on" width="-1" hidden="0"></column>
   <column type="field" name="remark" width="-1" hidden="0"></column>
   <column type="field" name="revision" width="-1" hidden="0"></column>
   <column type="field" name="updated_at" width="-1" hidden="0"></column>
   <column type="field" name="updated_by" width="-1" hidden="0"></column>
   <column type="field" name="read_revision" width="-1" hidden="1"></column>
   <column type="actions" width="-1" hidden="1"></column>
  </columns>
 </attributetableconfig>
 <featformsuppress>0</featformsuppress>
 <editorlayout>tablayout</editorlayout>
 <attributeEditorForm>
  <attributeEditorContainer name="Utama" columnCount="1" groupBox="0" showLabel="1" visibilityExpressionEnabled="0" visibilityExpression="">
   <attributeEditorField name="name" index="1" showLabel="1"></attributeEditorField>
   <attributeEditorField name="kind" index="2" showLabel="1"></attributeEditorField>
   <attributeEditorField name="status" index="3" showLabel="1"></attributeEditorField>
   <attributeEditorField name="address" index="4" showLabel="1"></attributeEditorField>
   <attributeEditorField name="sector" index="5" showLabel="1"></attributeEditorField>
   <attributeEditorField name="usable_area" index="6" showLabel="1"></attributeEditorField>
   <attributeEditorField name="area_per_person" index="7" showLabel="1"></attributeEditorField>
   <attributeEditorField name="capacity" index="8" showLabel="1"></attributeEditorField>
  </attributeEditorContainer>
  <attributeEditorContainer name="Rincian" columnCount="2" groupBox="0" showLabel="1" visibilityExpressionEnabled="0" visibilityExpression="">
   <attributeEditorField name="occupancy" index="9" showLabel="1"></attributeEditorField>
   <attributeEditorField name="refuge_height" index="10" showLabel="1"></attributeEditorField>
   <attributeEditorField name="refuge_floor" index="11" showLabel="1"></attributeEditorField>
   <attributeEditorField name="floors" index="12" showLabel="1"></attributeEditorField>
   <attributeEditorField name="entrances" index="13" showLabel="1"></attributeEditorField>
   <attributeEditorField name="entrance_width" index="14" showLabel="1"></attributeEditorField>
   <attributeEditorField name="ramp" index="15" showLabel="1"></attributeEditorField>
   <attributeEditorField name="accepts_wheelchair" index="16" showLabel="1"></attributeEditorField>
   <attributeEditorField name="accepts_assisted" index="17" showLabel="1"></attributeEditorField>
   <attributeEditorField name="accepts_vehicle" index="18" showLabel="1"></attributeEditorField>
   <attributeEditorField name="for_tsunami" index="19" showLabel="1"></attributeEditorField>
   <attributeEditorField name="for_flood" index="20" showLabel="1"></attributeEditorField>
   <attributeEditorField name="for_earthquake" index="21" showLabel="1"></attributeEditorField>
   <attributeEditorField name="open_always" index="22" showLabel="1"></attributeEditorField>
   <attributeEditorField name="key_holder" index="23" showLabel="1"></attributeEditorField>
   <attributeEditorField name="contact" index="24" showLabel="1"></attributeEditorField>
   <attributeEditorField name="water" index="25" showLabel="1"></attributeEditorField>
   <attributeEditorField name="power" index="26" showLabel="1"></attributeEditorField>
   <attributeEditorField name="toilets" index="27" showLabel="1"></attributeEditorField>
   <attributeEditorField name="owner" index="28" showLabel="1"></attributeEditorField>
   <attributeEditorField name="decree" index="29" showLabel="1"></attributeEditorField>
   <attributeEditorField name="built_year" index="30" showLabel="1"></attributeEditorField>
   <attributeEditorField name="last_checked_on" index="31" showLabel="1"></attributeEditorField>
   <attributeEditorField name="remark" index="32" showLabel="1"></attributeEditorField>
  </attributeEditorContainer>
  <attributeEditorContainer name="Riwayat" columnCount="1" groupBox="0" showLabel="1" visibilityExpressionEnabled="0" visibilityExpression="">
   <attributeEditorField name="id" index="0" showLabel="1"></attributeEditorField>
   <attributeEditorField name="revision" index="33" showLabel="1"></attributeEditorField>
   <attributeEditorField name="updated_at" index="34" showLabel="1"></attributeEditorField>
   <attributeEditorField name="updated_by" index="35" showLabel="1"></attributeEditorField>
  </attributeEditorContainer>
 </attributeEditorForm>
 <editable>
  <field name="id" editable="0"></field>
  <field name="name" editable="1"></field>
  <field name="kind" editable="1"></field>
  <field name="status" editable="1"></field>
  <field name="address" editable="1"></field>
  <field name="sector" editable="1"></field>
  <field name="usable_area" editable="1"></field>
  <field name="area_per_person" editable="1"></field>
  <field name="capacity" editable="1"></field>
  <field name="occupancy" editable="1"></field>
  <field name="refuge_height" editable="1"></field>
  <field name="refuge_floor" editable="1"></field>
  <field name="floors" editable="1"></field>
  <field name="entrances" editable="1"></field>
  <field name="entrance_width" editable="1"></field>
  <field name="ramp" editable="1"></field>
  <field name="accepts_wheelchair" editable="1"></field>
  <field name="accepts_assisted" editable="1"></field>
  <field name="accepts_vehicle" editable="1"></field>
  <field name="for_tsunami" editable="1"></field>
  <field name="for_flood" editable="1"></field>
  <field name="for_earthquake" editable="1"></field>
  <field name="open_always" editable="1"></field>
  <field name="key_holder" editable="1"></field>
  <field name="contact" editable="1"></field>
  <field name="water" editable="1"></field>
  <field name="power" editable="1"></field>
  <field name="toilets" editable="1"></field>
  <field name="owner" editable="1"></field>
  <field name="decree" editable="1"></field>
  <field name="built_year" editable="1"></field>
  <field name="last_checked_on" editable="1"></field>
  <field name="remark" editable="1"></field>
  <field name="revision" editable="0"></field>
  <field name="updated_at" editable="0"></field>
  <field name="updated_by" editable="0"></field>
  <field name="read_revision" editable="0"></field>
 </editable>
 <labelOnTop>
  <field name="id" labelOnTop="0"></field>
  <field name="name" labelOnTop="1"></field>
  <field name="kind" labelOnTop="1"></field>
  <field name="status" labelOnTop="1"></field>
  <field name="address" labelOnTop="1"></field>
  <field name="sector" labelOnTop="1"></field>
  <field name="usable_area" labelOnTop="1"></field>
  <field name="area_per_person" labelOnTop="1"></field>
  <field name="capacity" labelOnTop="1"></field>
  <field name="occupancy" labelOnTop="1"></field>
  <field name="refuge_height" labelOnTop="1"></field>
  <field name="refuge_floor" labelOnTop="1"></field>
  <field name="floors" labelOnTop="1"></field>
  <field name="entrances" labelOnTop="1"></field>
  <field name="entrance_width" labelOnTop="1"></field>
  <field name="ramp" labelOnTop="1"></field>
  <field name="accepts_wheelchair" labelOnTop="1"></field>
  <field name="accepts_assisted" labelOnTop="1"></field>
  <field name="accepts_vehicle" labelOnTop="1"></field>
  <field name="for_tsunami" labelOnTop="1"></field>
  <field name="for_flood" labelOnTop="1"></field>
  <field name="for_earthquake" labelOnTop="1"></field>
  <field name="open_always" labelOnTop="1"></field>
  <field name="key_holder" labelOnTop="1"></field>
  <field name="contact" labelOnTop="1"></field>
  <field name="water" labelOnTop="1"></field>
  <field name="power" labelOnTop="1"></field>
  <field name="toilets" labelOnTop="1"></field>
  <field name="owner" labelOnTop="1"></field>
  <field name="decree" labelOnTop="1"></field>
  <field name="built_year" labelOnTop="1"></field>
  <field name="last_checked_on" labelOnTop="1"></field>
  <field name="remark" labelOnTop="1"></field>
  <field name="revision" labelOnTop="0"></field>
  <field name="updated_at" labelOnTop="0"></field>
  <field name="updated_by" labelOnTop="0"></field>
  <field name="read_revision" labelOnTop="0"></field>
 </labelOnTop>
 <previewExpression>coalesce(&#34;name&#34;, &#34;id&#34;)</previewExpression>
 <mapTip>[% coalesce(&#34;name&#34;, &#34;id&#34;) %]</mapTip>
 <layerGeometryType>0</layerGeometryType>
</qgis>
